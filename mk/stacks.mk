# SPDX-License-Identifier: ISC
# stacks.mk - how deep the stacks of the fibers get, from the call graphs of the project and of the components that it is
# linked with. The result is $O/stacks.h; the build fails where config.c says less than is needed.
#
# Functions of others have no call graph: a file stacks.list beside config.c, or in a component's folder, gives their bounds, in lines such as
#     leaf inflate 2048 measured with zlib 1.2.13

SDK_SOURCE := $(SDK)/share/morgana/source
component_folder = $(if $(wildcard $(SDK_SOURCE)/lib/$1),lib/$1,$(subst -,/,$1))
STACK_FOLDERS := $(foreach c,$(filter-out libc,$(COMPONENTS)),$(call component_folder,$c))
STACK_LISTS := $(wildcard stacks.list $(COMPONENT_FOLDERS:%=%/stacks.list))
ifneq ($(HOSTED)$(filter-out product,$(VARIANT)),)
STACKS_ARE := unknown
else
GRAPHS := -fcallgraph-info=su
GRAPHED := $(filter-out $O/stacks.o $(FILE_TABLES:$(G)/%.c=$O/%.o),$(OBJECTS))
STACK_SOURCES := $(foreach f,$(STACK_FOLDERS),$(patsubst $(SDK_SOURCE)/%,%,$(wildcard $(foreach g,$f $(CPU_FOLDERS:%=$f/%),$(SDK_SOURCE)/$g/*.[ch]))))
STACK_GRAPHS := $(foreach f,$(STACK_FOLDERS),$(wildcard $(foreach g,$f $(CPU_FOLDERS:%=$f/%),$(SDK)/share/morgana/graphs/$(ARCH)/$g/*.ci)))
endif

$O/stacks.h: $(GRAPHED) $(STACK_LISTS) $(G)/build.mk
	@mkdir -p $(@D)
	@$(MORGANA) stacks $@ $(STACK_BYTES) $(or $(STACKS_ARE),$(if $(STACK_SAID),said,computed)) \
		-l $(SDK_SOURCE)/stacks.list $(patsubst %,-l %,$(STACK_LISTS)) -r $(SDK_SOURCE) -p $(SDK)/include/morgana \
		-e arch/common/context.c:run -e platform_main $(STACK_SOURCES:%=-s %) $(SOURCES:%=-s %) -s $(G)/main.c \
		$(GRAPHED:.o=.ci) $(STACK_GRAPHS)
$O/stacks.o: $O/stacks.h
