# The tracer: part of the zygote, for guests without a shim. It shares files with the shim, compiled for another process's
# memory.
TRACER_SHIM = carry signature route lock native counter deliver vector install
TRACER_OBJECTS = $(patsubst tracer/%.c,$(OBJECTS)/tracer/%.o,$(wildcard tracer/*.c)) $(OBJECTS)/tracer/context.o \
                 $(TRACER_SHIM:%=$(OBJECTS)/tracer/shim-%.o)
TRACER_FLAGS = -DGNOMON_REMOTE -fPIE

$(OBJECTS)/tracer/%.o: tracer/%.c Makefile tracer/part.mk
	@mkdir -p $(@D)
	$(CC) $(CFLAGS) $(TRACER_FLAGS) -c -o $@ $<

$(OBJECTS)/tracer/shim-%.o: shim/%.c Makefile tracer/part.mk
	@mkdir -p $(@D)
	$(CC) $(CFLAGS) $(TRACER_FLAGS) -c -o $@ $<

$(OBJECTS)/tracer/context.o: tracer/context.S Makefile tracer/part.mk
	@mkdir -p $(@D)
	$(CC) -c -o $@ $<
