package dev.gnomon.service.run;

import jakarta.persistence.AttributeConverter;
import jakarta.persistence.Converter;

@Converter(autoApply = true)
class RunStateColumn implements AttributeConverter<RunState, String> {

    @Override
    public String convertToDatabaseColumn(RunState state) {
        return state == null ? null : state.text();
    }

    @Override
    public RunState convertToEntityAttribute(String text) {
        return text == null ? null : RunState.of(text);
    }
}
