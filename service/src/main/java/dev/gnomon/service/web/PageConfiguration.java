package dev.gnomon.service.web;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.io.Resource;
import org.springframework.http.CacheControl;
import org.springframework.web.servlet.config.annotation.ResourceHandlerRegistry;
import org.springframework.web.servlet.config.annotation.ViewControllerRegistry;
import org.springframework.web.servlet.config.annotation.WebMvcConfigurer;
import org.springframework.web.servlet.resource.PathResourceResolver;

/**
 * Serves the page. Its routes exist in the browser only, so a path that is neither a file nor reserved for programs is
 * answered with {@code index.html}.
 */
@Configuration(proxyBeanMethods = false)
class PageConfiguration implements WebMvcConfigurer {

    private static final String PAGE = "classpath:/static/";
    private static final List<String> RESERVED = List.of("/api", "/v3", "/actuator", "/error");

    @Override
    public void addViewControllers(ViewControllerRegistry registry) {
        registry.addViewController("/").setViewName("forward:/index.html");
    }

    @Override
    public void addResourceHandlers(ResourceHandlerRegistry registry) {
        // The build names these after their content.
        registry.addResourceHandler("/assets/**")
                .addResourceLocations(PAGE + "assets/")
                .setUseLastModified(false)
                .setCacheControl(
                        CacheControl.maxAge(Duration.ofDays(365)).cachePublic().immutable());
        registry.addResourceHandler("/**")
                .addResourceLocations(PAGE)
                // In the jar every file has the same date, whatever is in it: a browser would keep an old page for
                // ever.
                .setUseLastModified(false)
                .setCacheControl(CacheControl.noCache())
                .resourceChain(true)
                .addResolver(new RouteResolver());
    }

    /** Whether a path belongs to programs, so that a typing error there is a 404 and not the page. */
    static boolean isReserved(String path) {
        return RESERVED.stream().anyMatch(prefix -> path.equals(prefix) || path.startsWith(prefix + "/"));
    }

    private static final class RouteResolver extends PathResourceResolver {
        @Override
        protected Resource getResource(String path, Resource location) throws IOException {
            Resource file = super.getResource(path, location);
            String last = path.substring(path.lastIndexOf('/') + 1);
            if (file != null || last.contains(".") || isReserved("/" + path)) {
                return file;
            }
            return super.getResource("index.html", location);
        }
    }
}
