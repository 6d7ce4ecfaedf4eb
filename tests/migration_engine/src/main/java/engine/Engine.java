package engine;

import org.camunda.bpm.engine.rest.security.auth.ProcessEngineAuthenticationFilter;
import org.camunda.bpm.engine.rest.security.auth.impl.HttpBasicAuthenticationProvider;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.boot.web.servlet.FilterRegistrationBean;
import org.springframework.context.annotation.Bean;

/** Camunda 7 with its REST API below /engine-rest, which asks for Basic authentication. */
@SpringBootApplication
public class Engine {

  public static void main(String[] arguments) {
    SpringApplication.run(Engine.class, arguments);
  }

  @Bean
  FilterRegistrationBean<ProcessEngineAuthenticationFilter> passwords() {
    var filter = new FilterRegistrationBean<>(new ProcessEngineAuthenticationFilter());
    filter.addInitParameter(
        "authentication-provider", HttpBasicAuthenticationProvider.class.getName());
    filter.addInitParameter("rest-url-pattern-prefix", "");
    filter.addUrlPatterns("/engine-rest/*");
    return filter;
  }
}
