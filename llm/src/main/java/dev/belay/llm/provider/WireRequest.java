package dev.belay.llm.provider;

import static java.util.Objects.requireNonNull;

import dev.belay.Check;

/**
 * A request as a provider wants it, without the login, which is added when it is sent. Immutable;
 * prints neither values of headers nor the body.
 *
 * @param method {@code POST}, say
 * @param path below the endpoint's base address, with its query; begins with a slash
 * @param headers what this request needs, the content type among them
 * @param body the text, sent as UTF-8
 */
public record WireRequest(String method, String path, Headers headers, String body) {
  /** Rejects a path that does not begin with a slash. */
  public WireRequest {
    requireNonNull(method, "method");
    requireNonNull(headers, "headers");
    requireNonNull(body, "body");
    Check.that(path.startsWith("/"), "path must begin with a slash, was '%s'", path);
  }

  @Override
  public String toString() {
    return "WireRequest[%s %s, %s, %d characters]".formatted(method, path, headers, body.length());
  }
}
