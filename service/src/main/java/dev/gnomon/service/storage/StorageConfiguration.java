package dev.gnomon.service.storage;

import dev.gnomon.service.settings.GnomonSettings;
import java.time.Clock;
import org.springframework.boot.jdbc.autoconfigure.JdbcConnectionDetails;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Condition;
import org.springframework.context.annotation.ConditionContext;
import org.springframework.context.annotation.Conditional;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.type.AnnotatedTypeMetadata;

@Configuration(proxyBeanMethods = false)
class StorageConfiguration {

    @Bean
    Clock clock() {
        return Clock.systemUTC();
    }

    @Bean(destroyMethod = "close")
    DataDirectory dataDirectory(GnomonSettings settings) {
        return DataDirectory.open(settings.dataDirectory());
    }

    /** Where no database is named: a file in the data directory. */
    @Bean
    @Conditional(NoDatabaseNamed.class)
    JdbcConnectionDetails embeddedDatabase(DataDirectory directory) {
        return new EmbeddedDatabase(directory);
    }

    static final class NoDatabaseNamed implements Condition {
        @Override
        public boolean matches(ConditionContext context, AnnotatedTypeMetadata metadata) {
            return !context.getEnvironment().containsProperty("spring.datasource.url");
        }
    }

    private record EmbeddedDatabase(DataDirectory directory) implements JdbcConnectionDetails {
        @Override
        public String getUsername() {
            return "gnomon";
        }

        @Override
        public String getPassword() {
            return "";
        }

        /** Every commit is written at once: a run that was answered 202 must outlive the service. */
        @Override
        public String getJdbcUrl() {
            return "jdbc:h2:file:" + directory.root().resolve("db").resolve("gnomon")
                    + ";DB_CLOSE_ON_EXIT=FALSE;WRITE_DELAY=0";
        }
    }
}
