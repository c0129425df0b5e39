package dev.gnomon.service.web;

import dev.gnomon.service.problem.ProblemType;
import java.io.IOException;
import java.io.PrintWriter;
import org.apache.catalina.connector.Request;
import org.apache.catalina.connector.Response;
import org.apache.catalina.valves.ErrorReportValve;

/** Tomcat's answer to what is not even a request, for example a broken percent-encoding: a problem, like all others. */
public final class ProblemReportValve extends ErrorReportValve {

    @Override
    protected void report(Request request, Response response, Throwable failure) {
        int status = response.getStatus();
        if (status < 400 || response.getContentWritten() > 0 || !response.setErrorReported()) {
            return;
        }
        ProblemType type = status >= 500 ? ProblemType.INTERNAL : ProblemType.MALFORMED_REQUEST;
        try {
            response.setContentType("application/problem+json");
            response.setCharacterEncoding("UTF-8");
            PrintWriter writer = response.getReporter();
            if (writer != null) {
                // Nothing of the request is repeated here, so nothing needs escaping.
                writer.write("{\"type\":\"" + type.uri() + "\",\"title\":\"" + type.title() + "\",\"status\":" + status
                        + ",\"detail\":\"" + type.title() + ".\"}");
                response.finishResponse();
            }
        } catch (IOException gone) {
            // The client is gone: nobody is left to tell.
        }
    }
}
