# The shim: freestanding, so that it fits into any program. -mgeneral-regs-only keeps the guest's vector registers as they
# are; shim.ld gives the bounds of the code that may make system calls.
SHIM_SOURCES = $(wildcard shim/*.c)
SHIM_ASSEMBLY = $(wildcard shim/*.S)
SHIM_OBJECTS = $(SHIM_SOURCES:shim/%.c=$(OBJECTS)/shim/%.o) $(SHIM_ASSEMBLY:shim/%.S=$(OBJECTS)/shim/%.o)
SHIM_FLAGS = -ffreestanding -nostdlib -fPIC -fvisibility=hidden -mgeneral-regs-only -fno-stack-protector \
             -fcf-protection=none -fno-tree-loop-distribute-patterns -fno-omit-frame-pointer -U_FORTIFY_SOURCE \
             -fno-asynchronous-unwind-tables -mno-red-zone

PRODUCTS += $(TARGET)/libgnomon-shim.so

$(OBJECTS)/shim/%.o: shim/%.c Makefile shim/part.mk
	@mkdir -p $(@D)
	$(CC) $(CFLAGS) $(SHIM_FLAGS) -c -o $@ $<

$(OBJECTS)/shim/%.o: shim/%.S Makefile shim/part.mk
	@mkdir -p $(@D)
	$(CC) $(CFLAGS) $(SHIM_FLAGS) -c -o $@ $<

$(TARGET)/libgnomon-shim.so: $(SHIM_OBJECTS) shim/shim.ld
	@mkdir -p $(@D)
	$(CC) -shared -nostdlib -Wl,-z,initfirst,-z,now,-z,relro,-z,noexecstack,-z,nodelete -Wl,--no-undefined,-Bsymbolic \
	    -Wl,--hash-style=both -Wl,-soname,libgnomon-shim.so -Wl,-T,shim/shim.ld -o $@ $(SHIM_OBJECTS)
