# The programs of `gnomon bench`. Those in BENCH_GUESTS are guests and plain programs alike.
BENCH_GUESTS = phold local-guest http-client flow sleeper messenger
PRODUCTS += $(BENCH_GUESTS:%=$(TARGET)/gnomon-bench-%)

$(BENCH_GUESTS:%=$(TARGET)/gnomon-bench-%): $(TARGET)/gnomon-bench-%: bench/%.c Makefile
	@mkdir -p $(@D) $(OBJECTS)/bench
	$(CC) $(CFLAGS) -MF $(OBJECTS)/bench/$*.d -o $@ $<

# One that checks itself, at length.
PRODUCTS += $(TARGET)/gnomon-bench-storm

$(TARGET)/gnomon-bench-storm: guests/storm.c Makefile
	@mkdir -p $(@D) $(OBJECTS)/bench
	$(CC) $(CFLAGS) -pthread -MF $(OBJECTS)/bench/storm.d -o $@ $<

PRODUCTS += $(TARGET)/gnomon-bench-futex-pair $(TARGET)/gnomon-bench-guest $(TARGET)/gnomon-bench-crossing

$(TARGET)/gnomon-bench-futex-pair: bench/futex-pair.c Makefile
	@mkdir -p $(@D) $(OBJECTS)/bench
	$(CC) $(CFLAGS) -MF $(OBJECTS)/bench/futex-pair.d -o $@ $<

$(TARGET)/gnomon-bench-guest: bench/bench-guest.c Makefile
	@mkdir -p $(@D) $(OBJECTS)/bench
	$(CC) $(CFLAGS) -MF $(OBJECTS)/bench/bench-guest.d -o $@ $<

# Static: the shim is to stay out of it, but for how it crosses.
$(TARGET)/gnomon-bench-crossing: bench/crossing-guest.c $(OBJECTS)/shim/crossing.o Makefile
	@mkdir -p $(@D) $(OBJECTS)/bench
	$(CC) $(CFLAGS) -static -MF $(OBJECTS)/bench/crossing-guest.d -o $@ $< $(OBJECTS)/shim/crossing.o
