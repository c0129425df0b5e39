# Tests of the shim without the engine: a stand-in engine, small guests, and programs of the system.
TEST_TARGET = target/test
TEST_ENGINE = $(TEST_TARGET)/engine
TEST_GUESTS = $(patsubst test/guests/%.c,$(TEST_TARGET)/guests/%,$(wildcard test/guests/*.c))
TEST_FLAGS = $(CFLAGS) -pthread

TESTS += $(TEST_TARGET)/passed

$(OBJECTS)/test/%.o: test/engine/%.c Makefile test/part.mk
	@mkdir -p $(@D)
	$(CC) $(TEST_FLAGS) -c -o $@ $<

$(TEST_ENGINE): $(patsubst test/engine/%.c,$(OBJECTS)/test/%.o,$(wildcard test/engine/*.c))
	@mkdir -p $(@D)
	$(CC) $(TEST_FLAGS) -o $@ $^

$(TEST_TARGET)/guests/%: test/guests/%.c Makefile test/part.mk
	@mkdir -p $(@D) $(OBJECTS)/test-guests
	$(CC) $(TEST_FLAGS) -MF $(OBJECTS)/test-guests/$*.d -o $@ $<

$(TEST_TARGET)/decode: test/decode/decode.c shim/decode.c Makefile test/part.mk
	@mkdir -p $(@D)
	$(CC) $(filter-out -MMD -MP,$(CFLAGS)) -o $@ test/decode/decode.c shim/decode.c

# Runs again when something it tests or tests with has changed.
$(TEST_TARGET)/passed: $(TARGET)/libgnomon-shim.so $(TARGET)/gnomon-shim.image $(TEST_ENGINE) $(TEST_GUESTS) \
    $(TEST_TARGET)/decode test/run
	test/run $(TARGET) $(TEST_TARGET)
	touch $@
