# What LD_PRELOAD loads: fetches the shim's image. As freestanding as the shim, for it runs before the program's libc does.
PRODUCTS += $(TARGET)/libgnomon-shim.so

$(OBJECTS)/preload/%.o: preload/%.c Makefile preload/part.mk shim/part.mk
	@mkdir -p $(@D)
	$(CC) $(CFLAGS) $(SHIM_FLAGS) -Ishim -c -o $@ $<

$(TARGET)/libgnomon-shim.so: $(patsubst preload/%.c,$(OBJECTS)/preload/%.o,$(wildcard preload/*.c)) $(OBJECTS)/shim/memory.o
	@mkdir -p $(@D)
	$(CC) -shared -nostdlib -Wl,-z,initfirst,-z,now,-z,relro,-z,noexecstack,-z,nodelete -Wl,--no-undefined,-Bsymbolic \
	    -Wl,--hash-style=both -Wl,-soname,libgnomon-shim.so -o $@ $^
