package dev.belay.server.api;

import io.vertx.core.buffer.Buffer;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The page that people look at. Its files hold no data and are the same in every server; what they
 * show comes from the API. The browser may load and run nothing else, and no text can become
 * markup.
 */
final class PageRoutes {
  private static final String FILES = "/dev/belay/server/page/";
  private static final String POLICY =
      "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self';"
          + " connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none';"
          + " require-trusted-types-for 'script'";

  /** Plain names in one folder, so that no path leads out of it. */
  private static final Pattern NAME = Pattern.compile("[a-z-]{1,64}\\.(js|css|svg)");

  private static final Map<String, String> TYPES =
      Map.of(
          "js", "text/javascript; charset=utf-8",
          "css", "text/css; charset=utf-8",
          "svg", "image/svg+xml");

  void addTo(Routes routes) {
    routes.get("/", ask -> page());
    routes.get("/page/{file}", ask -> file(ask.param("file")));
  }

  private static Reply page() {
    return reply("text/html; charset=utf-8", read("index.html").orElseThrow());
  }

  private static Reply file(String name) {
    Matcher fits = NAME.matcher(name);
    @Nullable String type = fits.matches() ? TYPES.get(fits.group(1)) : null;
    if (type == null) {
      throw ApiProblem.nothingThere("/page/" + name);
    }
    return read(name)
        .map(bytes -> reply(type, bytes))
        .orElseThrow(() -> ApiProblem.nothingThere("/page/" + name));
  }

  private static Reply reply(String type, byte[] bytes) {
    return Reply.of(200, type, Buffer.buffer(bytes))
        .with("Content-Security-Policy", POLICY)
        .with("Referrer-Policy", "no-referrer");
  }

  private static Optional<byte[]> read(String name) {
    try (InputStream in = PageRoutes.class.getResourceAsStream(FILES + name)) {
      return in == null ? Optional.empty() : Optional.of(in.readAllBytes());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
