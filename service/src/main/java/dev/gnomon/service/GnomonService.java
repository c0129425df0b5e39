package dev.gnomon.service;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.boot.context.properties.ConfigurationPropertiesScan;

/** The service: experiments, runs and their results over REST, and the page. */
@SpringBootApplication
@ConfigurationPropertiesScan
public class GnomonService {

    public static void main(String[] arguments) {
        SpringApplication.run(GnomonService.class, arguments);
    }
}
