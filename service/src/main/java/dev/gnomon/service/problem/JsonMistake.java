package dev.gnomon.service.problem;

import tools.jackson.core.JacksonException;
import tools.jackson.core.TokenStreamLocation;
import tools.jackson.core.exc.InputCoercionException;
import tools.jackson.databind.DatabindException;
import tools.jackson.databind.exc.UnrecognizedPropertyException;

/** Where and what is wrong in a JSON text, in words that do not name our classes. */
public final class JsonMistake {

    private JsonMistake() {}

    /** The mistake that the parser met. */
    public static ProblemError of(JacksonException mistake) {
        StringBuilder pointer = new StringBuilder();
        for (JacksonException.Reference step : mistake.getPath()) {
            pointer.append('/');
            if (step.getPropertyName() == null) {
                pointer.append(step.getIndex());
            } else {
                pointer.append(step.getPropertyName().replace("~", "~0").replace("/", "~1"));
            }
        }
        TokenStreamLocation location = mistake.getLocation();
        return new ProblemError(
                pointer.toString(),
                location == null ? 0 : Math.max(0, location.getLineNr()),
                location == null ? 0 : Math.max(0, location.getColumnNr()),
                "",
                messageOf(mistake));
    }

    /** Whether the text is JSON, and only a value in it is not what was expected. */
    static boolean isJson(JacksonException mistake) {
        return mistake instanceof DatabindException || mistake instanceof InputCoercionException;
    }

    private static String messageOf(JacksonException mistake) {
        if (mistake instanceof UnrecognizedPropertyException unknown) {
            return "unknown key " + Quoted.of(unknown.getPropertyName());
        }
        if (isJson(mistake)) {
            return "the value has a wrong type or lies outside the range";
        }
        return mistake.getOriginalMessage();
    }
}
