package dev.belay.server.remote;

import static java.util.Objects.requireNonNull;

import java.io.IOException;
import java.io.InputStream;
import java.net.ConnectException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.HttpTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * The control port of a running server. Goes there directly, never through a proxy, and follows no
 * redirect, so that the token goes nowhere else. Safe for any number of threads.
 */
public final class Control implements AutoCloseable {
  private static final JsonMapper JSON = new JsonMapper();
  private static final Duration CONNECT = Duration.ofSeconds(5);
  private static final Duration ANSWER = Duration.ofSeconds(30);
  private static final int MOST_BYTES = 64 * 1024 * 1024;
  private static final int PAGE = 100;

  private final String base;
  private final String token;
  private final HttpClient client;

  private Control(String base, String token) {
    this.base = base;
    this.token = token;
    this.client =
        HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .proxy(HttpClient.Builder.NO_PROXY)
            .connectTimeout(CONNECT)
            .build();
  }

  /**
   * Nothing is sent yet.
   *
   * @param url {@code http://host:port} or {@code https://host:port}
   * @param token what the server asks for; empty if it asks for none
   * @throws IllegalArgumentException if the URL is none, or the token cannot stand in a header
   */
  public static Control at(String url, String token) {
    requireNonNull(token, "token");
    URI uri = URI.create(url.endsWith("/") ? url.substring(0, url.length() - 1) : url);
    boolean http = "http".equalsIgnoreCase(uri.getScheme());
    boolean https = "https".equalsIgnoreCase(uri.getScheme());
    boolean plain =
        uri.getRawUserInfo() == null && uri.getRawQuery() == null && uri.getRawFragment() == null;
    if (!(http || https) || uri.getHost() == null || !plain) {
      throw new IllegalArgumentException("a server's URL is http://host:port or https://host:port");
    }
    if (!token.matches("[!-~]*")) {
      throw new IllegalArgumentException("a token is visible ASCII without spaces");
    }
    return new Control(uri.toString(), token);
  }

  /** Where it is. */
  public String url() {
    return base;
  }

  /**
   * Asks for something.
   *
   * @throws ControlFailed if there is no good answer
   */
  public JsonNode get(String path, Map<String, String> query) throws InterruptedException {
    return read(send("GET", whole(path, query), BodyPublishers.noBody()));
  }

  /**
   * Asks for something that is no JSON.
   *
   * @throws ControlFailed if there is no good answer
   */
  public String text(String path, Map<String, String> query) throws InterruptedException {
    byte[] bytes = send("GET", whole(path, query), BodyPublishers.noBody());
    return new String(bytes, StandardCharsets.UTF_8);
  }

  private static String whole(String path, Map<String, String> query) {
    String words =
        query.entrySet().stream()
            .map(word -> word.getKey() + "=" + encode(word.getValue()))
            .collect(Collectors.joining("&"));
    return words.isEmpty() ? path : path + "?" + words;
  }

  /**
   * All items of a list that comes page by page. What comes and goes while they are turned may be
   * missing, or be there twice.
   *
   * @param most how many at most, at least 1
   * @throws ControlFailed if there is no good answer
   */
  public List<JsonNode> pages(String path, String items, Map<String, String> query, int most)
      throws InterruptedException {
    List<JsonNode> all = new ArrayList<>();
    int pages = 1;
    for (int page = 1; page <= pages && all.size() < most; page++) {
      Map<String, String> whole = new LinkedHashMap<>(query);
      whole.put("page", Integer.toString(page));
      whole.put("size", Integer.toString(PAGE));
      JsonNode answer = get(path, whole);
      answer.path(items).forEach(all::add);
      pages = answer.path("pages").asInt(0);
    }
    return List.copyOf(all.subList(0, Math.min(most, all.size())));
  }

  /**
   * Sends something.
   *
   * @throws ControlFailed if there is no good answer
   */
  public JsonNode post(String path, JsonNode body) throws InterruptedException {
    return read(send("POST", path, BodyPublishers.ofString(body.toString())));
  }

  /**
   * Takes something away.
   *
   * @throws ControlFailed if there is no good answer
   */
  public void delete(String path) throws InterruptedException {
    send("DELETE", path, BodyPublishers.noBody());
  }

  /** One segment of a path. */
  public static String encode(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
  }

  private byte[] send(String method, String path, BodyPublisher body) throws InterruptedException {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create(base + path)).timeout(ANSWER).method(method, body);
    if (!token.isEmpty()) {
      request.header("Authorization", "Bearer " + token);
    }
    if (body.contentLength() != 0) {
      request.header("Content-Type", "application/json");
    }
    try {
      HttpResponse<InputStream> response =
          client.send(request.build(), BodyHandlers.ofInputStream());
      try (InputStream in = response.body()) {
        byte[] bytes = in.readNBytes(MOST_BYTES + 1);
        check(response.statusCode(), bytes);
        return bytes;
      }
    } catch (ConnectException nobody) {
      throw new ControlFailed(
          0,
          "",
          "no server answers at %s; start one with `belay serve -c belay.yaml`, or say where it is"
                  .formatted(base)
              + " with --url");
    } catch (HttpTimeoutException late) {
      throw new ControlFailed(
          0, "", "the server at %s did not answer in time; is --url right?".formatted(base));
    } catch (IOException broken) {
      throw stranger(0);
    }
  }

  private void check(int status, byte[] bytes) {
    if (bytes.length > MOST_BYTES) {
      throw stranger(status);
    }
    if (status == 401) {
      throw new ControlFailed(
          status,
          "UNAUTHORIZED",
          "the server at %s wants a token, the one of control.token; set BELAY_TOKEN, or give"
                  .formatted(base)
              + " --token-file");
    }
    if (status / 100 != 2) {
      JsonNode problem = parse(status, bytes);
      // the contracts of others have their own shapes: an object, or a sentence in place of a code
      JsonNode inner = problem.path("error");
      JsonNode said = inner.isObject() ? inner : problem;
      String message = said.path("message").asString("");
      if (message.isEmpty()) {
        message = inner.isString() ? inner.stringValue() : "";
      }
      if (message.isEmpty()) {
        throw stranger(status);
      }
      String code = inner.isObject() ? inner.path("code").asString("") : inner.asString("");
      throw new ControlFailed(status, code, message);
    }
  }

  private JsonNode read(byte[] bytes) {
    return parse(200, bytes);
  }

  private JsonNode parse(int status, byte[] bytes) {
    try {
      return JSON.readTree(bytes);
    } catch (JacksonException notJson) {
      throw stranger(status);
    }
  }

  private ControlFailed stranger(int status) {
    return new ControlFailed(
        status,
        "",
        "what answers at %s%s is not the control port of Belay; is --url right?"
            .formatted(base, status == 0 ? "" : " (status %d)".formatted(status)));
  }

  @Override
  public void close() {
    client.shutdownNow();
  }
}
