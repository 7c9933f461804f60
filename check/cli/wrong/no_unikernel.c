#include <morgana/config.h>
void configure(void)
{
    (void)default_network();
}
