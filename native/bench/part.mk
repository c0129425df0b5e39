# The programs of `gnomon bench`.
PRODUCTS += $(TARGET)/gnomon-bench-futex-pair $(TARGET)/gnomon-bench-guest

$(TARGET)/gnomon-bench-futex-pair: bench/futex-pair.c Makefile
	@mkdir -p $(@D) $(OBJECTS)/bench
	$(CC) $(CFLAGS) -MF $(OBJECTS)/bench/futex-pair.d -o $@ $<

$(TARGET)/gnomon-bench-guest: bench/bench-guest.c Makefile
	@mkdir -p $(@D) $(OBJECTS)/bench
	$(CC) $(CFLAGS) -MF $(OBJECTS)/bench/bench-guest.d -o $@ $<
