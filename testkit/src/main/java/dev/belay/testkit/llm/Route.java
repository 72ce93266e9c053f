package dev.belay.testkit.llm;

import dev.belay.testkit.ReceivedRequest;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/** What a path asks for. */
record Route(Kind kind, Dialect dialect, Optional<String> model, boolean streams) {

  enum Kind {
    CALL,
    /** A list of the models, or one of them. */
    MODELS,
    NOTHING
  }

  private static final String WHOLE = ":generateContent";
  private static final String STREAMED = ":streamGenerateContent";
  private static final String MODELS = "/models";

  static Route of(ReceivedRequest request) {
    String path = request.path();
    if (path.endsWith("/chat/completions")) {
      return call(Dialect.OPENAI_CHAT, deployment(path), false);
    }
    if (path.endsWith("/messages")) {
      return call(Dialect.ANTHROPIC, Optional.empty(), false);
    }
    if (path.endsWith("/responses")) {
      return call(Dialect.OPENAI_RESPONSES, Optional.empty(), false);
    }
    if (path.endsWith(WHOLE)) {
      return call(Dialect.GEMINI, modelBefore(path, WHOLE), false);
    }
    if (path.endsWith(STREAMED)) {
      return call(Dialect.GEMINI, modelBefore(path, STREAMED), true);
    }
    int models = path.lastIndexOf(MODELS);
    boolean whole = models >= 0 && path.length() == models + MODELS.length();
    boolean one = models >= 0 && path.startsWith("/", models + MODELS.length());
    Optional<String> model =
        one ? Optional.of(decoded(path.substring(models + MODELS.length() + 1))) : Optional.empty();
    return new Route(whole || one ? Kind.MODELS : Kind.NOTHING, family(request), model, false);
  }

  private static Route call(Dialect dialect, Optional<String> model, boolean streams) {
    return new Route(Kind.CALL, dialect, model, streams);
  }

  private static Dialect family(ReceivedRequest request) {
    if (request.path().startsWith("/v1beta")) {
      return Dialect.GEMINI;
    }
    return request.header("anthropic-version").isPresent()
        ? Dialect.ANTHROPIC
        : Dialect.OPENAI_CHAT;
  }

  /** Azure names the model by the path. */
  private static Optional<String> deployment(String path) {
    int start = path.indexOf("/deployments/");
    if (start < 0) {
      return Optional.empty();
    }
    String rest = path.substring(start + "/deployments/".length());
    return Optional.of(decoded(rest.substring(0, rest.indexOf('/'))));
  }

  private static Optional<String> modelBefore(String path, String method) {
    String before = path.substring(0, path.length() - method.length());
    return Optional.of(decoded(before.substring(before.lastIndexOf('/') + 1)));
  }

  private static String decoded(String text) {
    try {
      return URLDecoder.decode(text.replace("+", "%2B"), StandardCharsets.UTF_8);
    } catch (IllegalArgumentException e) {
      return text; // a broken escape names a model that nobody has
    }
  }
}
