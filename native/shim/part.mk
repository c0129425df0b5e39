# The shim: freestanding, so that it fits into any program. -mgeneral-regs-only keeps the guest's vector registers as they
# are; shim.ld gives its address and the bounds of the code that may make system calls.
SHIM_SOURCES = $(wildcard shim/*.c)
SHIM_ASSEMBLY = $(wildcard shim/*.S)
SHIM_OBJECTS = $(SHIM_SOURCES:shim/%.c=$(OBJECTS)/shim/%.o) $(SHIM_ASSEMBLY:shim/%.S=$(OBJECTS)/shim/%.o)
SHIM_FLAGS = -ffreestanding -nostdlib -fPIC -fvisibility=hidden -mgeneral-regs-only -fno-stack-protector \
             -fcf-protection=none -fno-tree-loop-distribute-patterns -fno-omit-frame-pointer -U_FORTIFY_SOURCE \
             -fno-asynchronous-unwind-tables -mno-red-zone

PRODUCTS += $(TARGET)/gnomon-shim.image

$(OBJECTS)/shim/%.o: shim/%.c Makefile shim/part.mk
	@mkdir -p $(@D)
	$(CC) $(CFLAGS) $(SHIM_FLAGS) -c -o $@ $<

$(OBJECTS)/shim/%.o: shim/%.S Makefile shim/part.mk
	@mkdir -p $(@D)
	$(CC) $(CFLAGS) $(SHIM_FLAGS) -c -o $@ $<

# The same with symbols, for a debugger: add-symbol-file.
$(OBJECTS)/shim/gnomon-shim.elf: $(SHIM_OBJECTS) shim/shim.ld
	$(CC) -static -no-pie -nostdlib -Wl,--build-id=none -Wl,-z,noexecstack -Wl,-z,norelro -Wl,--no-relax -Wl,--no-warn-rwx-segments \
	    -Wl,-T,shim/shim.ld -o $@ $(SHIM_OBJECTS)

$(TARGET)/gnomon-shim.image: $(OBJECTS)/shim/gnomon-shim.elf
	@mkdir -p $(@D)
	objcopy -O binary $< $@
