package dev.belay.chaos.inject.plane;

import dev.belay.Check;
import java.net.URI;
import java.net.http.HttpRequest;
import java.util.Optional;

/**
 * Where rules come from.
 *
 * @param base such as {@code http://127.0.0.1:8080}
 * @param token what it asks for, if it asks for anything; never shown
 */
public record ControlAddress(URI base, Optional<String> token) {
  public ControlAddress {
    Check.that(
        ("http".equals(base.getScheme()) || "https".equals(base.getScheme()))
            && base.getHost() != null
            && base.getRawUserInfo() == null,
        "address of the control plane must be http://HOST:PORT");
  }

  HttpRequest.Builder at(String path) {
    String text = base.toString().replaceFirst("/+$", "");
    HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(text + path));
    token.ifPresent(one -> request.header("Authorization", "Bearer " + one));
    return request;
  }

  @Override
  public String toString() {
    return base.toString();
  }
}
