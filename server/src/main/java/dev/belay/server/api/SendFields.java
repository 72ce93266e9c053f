package dev.belay.server.api;

import dev.belay.proxy.client.ProxyRequest;
import dev.belay.server.live.Sender;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;

/**
 * Reads a request that is to be sent. Its URL, headers and body may be secret: no error shows them.
 */
final class SendFields {
  private static final List<String> METHODS =
      Arrays.stream(ProxyRequest.Method.values()).map(Enum::name).toList();
  private static final int LONGEST_URL = 2_048;
  private static final int LONGEST_NAME = 256;
  private static final int LONGEST_VALUE = 2_048;
  private static final int MOST_HEADERS = 100;
  private static final int LARGEST_BODY = 1 << 20;
  private static final int LONGEST_SECONDS = 300;
  private static final int USUAL_SECONDS = 30;
  private static final Pattern WORD = Pattern.compile("[\\x20-\\x7e]{0,256}");
  private static final String WORD_RANGE = "up to 256 visible characters of ASCII";

  private final Fields fields;
  private final Sender sender;

  private SendFields(Fields fields, Sender sender) {
    this.fields = fields;
    this.sender = sender;
  }

  /** The request; throws an {@link ApiProblem} that names all that is wrong. */
  static ProxyRequest read(Fields fields, Sender sender) {
    return new SendFields(fields, sender).read();
  }

  private ProxyRequest read() {
    ProxyRequest.Method method =
        ProxyRequest.Method.valueOf(fields.oneOf("method", METHODS).orElse("GET"));
    Optional<URI> url = url();
    Optional<byte[]> body = body();
    double seconds =
        fields
            .number("timeout", 1, LONGEST_SECONDS, "1 to %d seconds".formatted(LONGEST_SECONDS))
            .orElse((double) USUAL_SECONDS);
    Optional<String> policy = fields.text("policy", WORD, WORD_RANGE);
    String session = fields.text("session", WORD, WORD_RANGE).orElse("");
    String region = fields.text("region", WORD, WORD_RANGE).orElse("");
    String country = fields.text("country", WORD, WORD_RANGE).orElse("");
    Map<String, List<String>> headers = headers();
    String name = policy.orElse("default");
    if (sender.policy(name).isEmpty()) {
      fields.hidden("policy", "one of " + String.join(", ", sender.policyNames()));
    }
    fields.close();
    URI target = url.orElseThrow();
    if (!sender.allows(target)) {
      throw ApiProblem.privateTarget();
    }
    try {
      ProxyRequest.Builder request =
          ProxyRequest.builder(method, target)
              .idempotent(sender.repeats(method))
              .policy(sender.policy(name).orElseThrow())
              .session(session)
              .region(region)
              .country(country)
              .timeout(Duration.ofMillis(Math.round(seconds * 1_000)));
      headers.forEach((header, values) -> values.forEach(value -> request.header(header, value)));
      body.ifPresent(request::body);
      return request.build();
    } catch (IllegalArgumentException wrong) {
      throw ApiProblem.badRequest("The request is not right: " + wrong.getMessage() + ".");
    }
  }

  private Optional<URI> url() {
    String range = "http:// or https:// with a host, at most %d characters".formatted(LONGEST_URL);
    Optional<String> text = fields.secret("url");
    if (text.isEmpty() && fields.faults().isEmpty()) {
      fields.missing("url", range);
    }
    Optional<URI> url = text.flatMap(SendFields::uri);
    if (text.isPresent() && url.isEmpty()) {
      fields.hidden("url", range);
    }
    return url;
  }

  private static Optional<URI> uri(String text) {
    try {
      URI uri = new URI(text);
      String scheme = uri.getScheme() == null ? "" : uri.getScheme();
      boolean web = scheme.equalsIgnoreCase("http") || scheme.equalsIgnoreCase("https");
      return web && uri.getHost() != null && text.length() <= LONGEST_URL
          ? Optional.of(uri)
          : Optional.empty();
    } catch (URISyntaxException notOne) {
      return Optional.empty();
    }
  }

  private Optional<byte[]> body() {
    Optional<byte[]> text =
        fields.secret("body").map(body -> body.getBytes(StandardCharsets.UTF_8));
    Optional<byte[]> bytes = fields.secret("body_base64").flatMap(this::decoded);
    if (text.isPresent() && bytes.isPresent()) {
      fields.hidden("body_base64", "left out where there is a body");
    }
    Optional<byte[]> body = text.or(() -> bytes);
    if (body.filter(content -> content.length > LARGEST_BODY).isPresent()) {
      fields.hidden("body", "at most %d bytes".formatted(LARGEST_BODY));
    }
    return body;
  }

  private Optional<byte[]> decoded(String text) {
    try {
      return Optional.of(Base64.getDecoder().decode(text));
    } catch (IllegalArgumentException notBase64) {
      fields.hidden("body_base64", "base64");
      return Optional.empty();
    }
  }

  private Map<String, List<String>> headers() {
    Map<String, List<String>> headers = new LinkedHashMap<>();
    JsonNode all = fields.object("headers").orElse(null);
    if (all == null) {
      return headers;
    }
    for (Map.Entry<String, JsonNode> one : all.properties()) {
      Optional<List<String>> values = values(one.getValue());
      boolean fits = one.getKey().length() <= LONGEST_NAME && values.isPresent();
      if (!fits || headers.size() >= MOST_HEADERS) {
        fields.hidden(
            "headers",
            "an object of at most %d names of up to %d characters, each with a text of up to %d, or a list of such"
                .formatted(MOST_HEADERS, LONGEST_NAME, LONGEST_VALUE));
        return headers;
      }
      headers.put(one.getKey(), values.get());
    }
    return headers;
  }

  private static Optional<List<String>> values(JsonNode node) {
    List<JsonNode> nodes = node.isArray() ? List.copyOf(node.values()) : List.of(node);
    boolean right =
        nodes.stream()
            .allMatch(one -> one.isString() && one.stringValue().length() <= LONGEST_VALUE);
    return right
        ? Optional.of(nodes.stream().map(JsonNode::stringValue).toList())
        : Optional.empty();
  }
}
