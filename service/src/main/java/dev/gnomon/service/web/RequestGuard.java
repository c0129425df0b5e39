package dev.gnomon.service.web;

import dev.gnomon.service.problem.BodyTooLargeException;
import dev.gnomon.service.problem.Problem;
import dev.gnomon.service.problem.ProblemType;
import dev.gnomon.service.problem.ProblemWriter;
import dev.gnomon.service.problem.Quoted;
import dev.gnomon.service.settings.GnomonSettings;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.http.InvalidMediaTypeException;
import org.springframework.http.MediaType;
import org.springframework.stereotype.Component;
import org.springframework.web.filter.OncePerRequestFilter;

/**
 * Refuses what only a foreign web site would send. There is no authentication yet, and whoever may submit a definition
 * executes programs as this service's user, so a page that the user happens to look at must not be able to: requests
 * for other host names (DNS rebinding), changes that come from another origin, and bodies of the types that an HTML
 * form can send without the browser asking first.
 */
@Component
@Order(Ordered.HIGHEST_PRECEDENCE + 20)
class RequestGuard extends OncePerRequestFilter {

    private static final Set<String> READING = Set.of("GET", "HEAD", "OPTIONS");
    private static final List<MediaType> BODIES = List.of(
            MediaType.APPLICATION_JSON,
            MediaType.APPLICATION_YAML,
            MediaType.parseMediaType("application/x-yaml"),
            MediaType.parseMediaType("text/yaml"));

    private final AllowedHosts hosts;
    private final long bodyLimit;
    private final ProblemWriter writer;

    RequestGuard(GnomonSettings settings, ProblemWriter writer) {
        this.hosts = new AllowedHosts(settings.hosts());
        this.bodyLimit = settings.definitionLimit().toBytes();
        this.writer = writer;
    }

    @Override
    protected void doFilterInternal(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws ServletException, IOException {
        String host = request.getHeader("Host");
        if (!hosts.permits(host)) {
            refuse(
                    request,
                    response,
                    ProblemType.UNKNOWN_HOST,
                    "This service does not answer for " + Quoted.of(host == null ? "" : host)
                            + "; property gnomon.hosts names further hosts.");
            return;
        }
        if (READING.contains(request.getMethod())) {
            chain.doFilter(request, response);
            return;
        }
        if (isForeign(request, host)) {
            refuse(
                    request,
                    response,
                    ProblemType.FORBIDDEN_ORIGIN,
                    "Changes are accepted from this service's own page and from programs, not from other sites.");
            return;
        }
        String contentType = request.getContentType();
        if (contentType != null && !isKnown(contentType)) {
            refuse(
                    request,
                    response,
                    ProblemType.UNSUPPORTED_MEDIA_TYPE,
                    "A body has to be application/yaml or application/json, in UTF-8.");
            return;
        }
        if (request.getContentLengthLong() > bodyLimit) {
            refuse(request, response, ProblemType.BODY_TOO_LARGE, new BodyTooLargeException(bodyLimit).getMessage());
            return;
        }
        chain.doFilter(new LimitedBodyRequest(request, bodyLimit), response);
    }

    /** Browsers send both headers with every change; programs send neither. */
    private static boolean isForeign(HttpServletRequest request, String host) {
        String site = request.getHeader("Sec-Fetch-Site");
        if (site != null && !site.equals("same-origin") && !site.equals("none")) {
            return true;
        }
        String origin = request.getHeader("Origin");
        if (origin == null) {
            return false;
        }
        String own = host.toLowerCase(Locale.ROOT);
        String sent = origin.toLowerCase(Locale.ROOT);
        return !sent.equals("http://" + own) && !sent.equals("https://" + own);
    }

    private static boolean isKnown(String contentType) {
        try {
            MediaType type = MediaType.parseMediaType(contentType);
            boolean utf8 = type.getParameter("charset") == null
                    || "utf-8".equalsIgnoreCase(type.getParameter("charset").replace("\"", ""));
            return utf8 && BODIES.stream().anyMatch(type::equalsTypeAndSubtype);
        } catch (InvalidMediaTypeException unknown) {
            return false;
        }
    }

    private void refuse(HttpServletRequest request, HttpServletResponse response, ProblemType type, String detail)
            throws IOException {
        writer.write(request, response, Problem.of(type, detail, List.of()));
    }
}
