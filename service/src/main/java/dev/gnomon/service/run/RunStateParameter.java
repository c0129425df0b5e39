package dev.gnomon.service.run;

import org.springframework.core.convert.converter.Converter;
import org.springframework.stereotype.Component;

/** Reads a state from a query parameter. */
@Component
class RunStateParameter implements Converter<String, RunState> {

    @Override
    public RunState convert(String text) {
        return RunState.of(text);
    }
}
