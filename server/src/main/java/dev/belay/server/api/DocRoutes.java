package dev.belay.server.api;

import io.vertx.core.buffer.Buffer;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Map;
import java.util.Properties;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.dataformat.yaml.YAMLMapper;

/**
 * The description of the API, and a page to read and try it. Everything comes from the program
 * itself; the page loads nothing from elsewhere.
 */
final class DocRoutes {
  private static final String WEBJAR = "/META-INF/resources/webjars/swagger-ui/";
  private static final String WEBJAR_VERSION =
      "/META-INF/maven/org.webjars/swagger-ui/pom.properties";
  private static final String POLICY =
      "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline';"
          + " img-src 'self' data:; connect-src 'self'; font-src 'self'; base-uri 'none';"
          + " form-action 'none'; frame-ancestors 'none'";

  /** Files of the page and their types; those of the WebJar are served under their own names. */
  private static final Map<String, String> FILES =
      Map.of(
          "docs.js", "text/javascript; charset=utf-8",
          "swagger-ui-bundle.js", "text/javascript; charset=utf-8",
          "swagger-ui.css", "text/css; charset=utf-8",
          "favicon-32x32.png", "image/png");

  void addTo(Routes routes) {
    routes.get("/openapi.json", ask -> Reply.of(200, "application/json", Buffer.buffer(openApi())));
    routes.get("/docs", ask -> page());
    routes.get("/docs/{file}", ask -> file(ask.param("file")));
  }

  /** The document as it is written. */
  static JsonNode document() {
    return new YAMLMapper().readTree(read("openapi.yaml"));
  }

  /** Read anew each time: that is rare, and keeps the start quick and the memory free. */
  private static byte[] openApi() {
    return new JsonMapper().writeValueAsBytes(document());
  }

  private static Reply page() {
    return Reply.of(200, "text/html; charset=utf-8", Buffer.buffer(read("docs.html")))
        .with("Content-Security-Policy", POLICY);
  }

  private static Reply file(String name) {
    String type = FILES.get(name);
    if (type == null) {
      throw ApiProblem.nothingThere("/docs/" + name);
    }
    String path = name.equals("docs.js") ? name : WEBJAR + version() + "/" + name;
    return Reply.of(200, type, Buffer.buffer(read(path)));
  }

  private static String version() {
    try (InputStream in = DocRoutes.class.getResourceAsStream(WEBJAR_VERSION)) {
      Properties properties = new Properties();
      if (in != null) {
        properties.load(in);
      }
      return properties.getProperty("version", "");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static byte[] read(String name) {
    try (InputStream in = DocRoutes.class.getResourceAsStream(name)) {
      if (in == null) {
        throw new IllegalStateException(name + " is missing from the program");
      }
      return in.readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
