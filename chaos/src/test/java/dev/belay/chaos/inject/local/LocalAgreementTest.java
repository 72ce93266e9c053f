package dev.belay.chaos.inject.local;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.belay.Cases;
import dev.belay.Time;
import dev.belay.chaos.inject.LiveRules;
import dev.belay.chaos.inject.Policy;
import dev.belay.chaos.inject.PolicyDocument;
import dev.belay.chaos.inject.RuleFeed;
import dev.belay.chaos.inject.StrikeReceipt;
import dev.belay.chaos.inject.plane.FaultPlane;
import dev.belay.chaos.inject.plane.Front;
import dev.belay.chaos.inject.plane.PlaneSettings;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executors;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A fault proxy, the filter and the client do the same to the same requests. */
@Timeout(120)
class LocalAgreementTest {
  private static final String BODY = "0123456789".repeat(20);
  private static final List<String> PATHS = List.of("/price", "/price/a?b=c", "/status", "/");
  private static final List<String> EFFECTS =
      List.of(
          "\"abort\":{\"httpStatus\":503}",
          "\"abort\":{\"httpStatus\":404,\"body\":\"none\"}",
          "\"delay\":{\"fixed_delay_ms\":1}",
          "\"delay\":{\"fixed_delay_ms\":2},\"abort\":{\"httpStatus\":500}",
          "\"effects\":[{\"effect\":\"reset\"}]",
          "\"effects\":[{\"effect\":\"rewrite\",\"httpStatus\":502}]",
          "\"effects\":[{\"effect\":\"truncate\",\"after_bytes\":33}]",
          "\"effects\":[{\"effect\":\"truncate\",\"after_bytes\":0}]",
          "\"effects\":[{\"effect\":\"corrupt\"}]",
          "\"effects\":[{\"effect\":\"throttle\",\"bytes_per_second\":20000}]",
          "\"effects\":[{\"effect\":\"corrupt\"},{\"effect\":\"truncate\",\"after_bytes\":70}]");

  private final Time time = Time.system();

  /** All throw the same dice, as long as they throw them for the same requests. */
  private final LiveRules rules = new LiveRules(time, new Random(1), Duration.ofDays(1));

  private final LocalFaults inServer = new LocalFaults(time, new Random(1));
  private final LocalFaults inClient = new LocalFaults(time, new Random(1));
  private final Queue<StrikeReceipt> receipts = new ConcurrentLinkedQueue<>();
  private final HttpServer plain = serve();
  private final HttpServer filtered = serve();
  private final FaultPlane plane;
  private final HttpClient client =
      inClient.client(
          HttpClient.newBuilder().executor(Thread::startVirtualThread).build(),
          "cart",
          address -> "pricing");
  private long version;

  LocalAgreementTest() throws IOException, InterruptedException {
    filtered
        .createContext("/", LocalAgreementTest::answer)
        .getFilters()
        .add(inServer.filter("pricing"));
    plain.createContext("/", LocalAgreementTest::answer);
    Front front = Front.of("pricing", plain.getAddress().getPort()).forCaller("cart");
    plane =
        FaultPlane.start(PlaneSettings.of("plane-1", List.of(front)), rules, receipts::add, time);
  }

  private static HttpServer serve() throws IOException {
    HttpServer server =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
    server.start();
    return server;
  }

  private static void answer(HttpExchange exchange) throws IOException {
    try (exchange;
        OutputStream out = exchange.getResponseBody()) {
      exchange.sendResponseHeaders(200, BODY.length());
      exchange.getResponseBody().write(BODY.getBytes(StandardCharsets.US_ASCII));
      out.flush();
    }
  }

  @AfterEach
  void close() {
    plane.close();
    plain.stop(0);
    filtered.stop(0);
    client.close();
  }

  /** A policy, and what is asked under it. */
  private record Case(List<String> policies, List<Question> questions) {}

  private record Question(String method, String path, boolean baggage) {}

  private static Case any(RandomGenerator random) {
    List<String> policies =
        IntStream.range(0, random.nextInt(1, 3)).mapToObj(i -> policy(i, random)).toList();
    List<Question> questions =
        IntStream.range(0, 5)
            .mapToObj(i ->
                new Question(
                    random.nextBoolean() ? "GET" : "POST",
                    PATHS.get(random.nextInt(PATHS.size())),
                    random.nextBoolean()))
            .toList();
    return new Case(policies, questions);
  }

  private static String policy(int number, RandomGenerator random) {
    List<String> match = new ArrayList<>();
    match.add("\"path\":{\"prefix\":\"%s\"}".formatted(random.nextBoolean() ? "/" : "/price"));
    if (random.nextInt(3) == 0) {
      match.add("\"method\":{\"exact\":\"GET\"}");
    }
    if (random.nextInt(3) == 0) {
      match.add("\"baggage\":[{\"name\":\"trial\",\"exact\":\"7\"}]");
    }
    if (random.nextInt(3) == 0) {
      match.add("\"edge\":{\"from\":\"cart\",\"service\":\"pricing\"}");
    }
    int percentage = random.nextBoolean() ? 100 : random.nextInt(101);
    String hits = random.nextInt(3) == 0 ? "\"hits\":{\"skip\":1,\"count\":2}," : "";
    return """
    {"metadata":{"name":"p%d"},"spec":{"apply":"%s","rules":[
      {"match":{%s},"fault":{"percentage":%d,%s%s}},
      {"match":{"path":{"exact":"/status"}},"fault":{"percentage":100,"abort":{"httpStatus":429}}}]}}
    """
        .formatted(
            number,
            random.nextBoolean() ? "all" : "first",
            String.join(",", match),
            percentage,
            hits,
            EFFECTS.get(random.nextInt(EFFECTS.size())));
  }

  @Test
  void doTheSameToTheSameRequests() {
    Cases.check(120, LocalAgreementTest::any, this::agree);
  }

  private void agree(Case one) {
    List<Policy> policies = one.policies().stream().map(PolicyDocument::read).toList();
    version++;
    rules.replace(
        version,
        policies.stream().map(p -> new RuleFeed.Dated(p, version, Duration.ZERO)).toList());
    for (LocalFaults local : List.of(inServer, inClient)) {
      local.clear();
      policies.forEach(local::put);
    }
    int told = receipts.size();
    int toldServer = inServer.receipts().size();
    int toldClient = inClient.receipts().size();
    for (Question question : one.questions()) {
      String proxied = asked(plane.ports().getFirst(), question);
      assertThat(asked(filtered.getAddress().getPort(), question)).isEqualTo(proxied);
      assertThat(asked(question)).isEqualTo(proxied);
    }
    List<String> expected = kinds(receipts.stream().skip(told).toList());
    assertThat(kinds(inServer.receipts().stream().skip(toldServer).toList())).isEqualTo(expected);
    assertThat(kinds(inClient.receipts().stream().skip(toldClient).toList())).isEqualTo(expected);
  }

  private static List<String> kinds(List<StrikeReceipt> receipts) {
    return receipts.stream()
        .map(r -> "%s %d %s".formatted(r.policy(), r.rule(), r.kind()))
        .toList();
  }

  /** Over a connection of its own, so that nothing is sent twice. */
  private static String asked(int port, Question question) {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
      socket.setSoTimeout(30_000);
      String head =
          "%s %s HTTP/1.1\r\nHost: pricing\r\nx-belay-caller: cart\r\n%sConnection: close\r\nContent-Length: 0\r\n\r\n"
              .formatted(
                  question.method(),
                  question.path(),
                  question.baggage() ? "baggage: trial=7\r\n" : "");
      socket.getOutputStream().write(head.getBytes(StandardCharsets.US_ASCII));
      byte[] all = read(socket);
      String text = new String(all, StandardCharsets.ISO_8859_1);
      int end = text.indexOf("\r\n\r\n");
      if (end < 0) {
        return "nothing";
      }
      List<String> lines = text.substring(0, end).lines().toList();
      byte[] body = Arrays.copyOfRange(all, end + 4, all.length);
      int length = Integer.parseInt(header(lines, "content-length"));
      return length > body.length
          ? cut(body)
          : outcome(
              Integer.parseInt(lines.getFirst().split(" ", 3)[1]),
              header(lines, "x-fault-injected"),
              body);
    } catch (IOException broken) {
      throw new UncheckedIOException(broken);
    }
  }

  private static byte[] read(Socket socket) {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    try {
      int one = socket.getInputStream().read();
      while (one >= 0) {
        all.write(one);
        one = socket.getInputStream().read();
      }
    } catch (IOException reset) {
      // as much as came
    }
    return all.toByteArray();
  }

  private static String header(List<String> lines, String name) {
    return lines.stream()
        .filter(line -> line.regionMatches(true, 0, name + ":", 0, name.length() + 1))
        .map(line -> line.substring(name.length() + 1).strip())
        .findFirst()
        .orElse("");
  }

  private static String outcome(int status, String injected, byte[] body) {
    return "%d [%s] %s".formatted(status, injected, new String(body, StandardCharsets.ISO_8859_1));
  }

  private static String cut(byte[] body) {
    return "cut after " + new String(body, StandardCharsets.ISO_8859_1);
  }

  private String asked(Question question) {
    URI address =
        URI.create(
            "http://127.0.0.1:%d%s".formatted(plain.getAddress().getPort(), question.path()));
    HttpRequest.Builder request =
        HttpRequest.newBuilder(address)
            .timeout(Duration.ofSeconds(30))
            .method(question.method(), BodyPublishers.noBody());
    if (question.baggage()) {
      request.header("baggage", "trial=7");
    }
    ByteArrayOutputStream body = new ByteArrayOutputStream();
    boolean[] begun = {false};
    try {
      HttpResponse<Void> response =
          client.send(
              request.build(),
              info -> {
                begun[0] = true;
                return BodyHandlers.ofByteArrayConsumer(piece -> piece.ifPresent(body::writeBytes))
                    .apply(info);
              });
      return outcome(
          response.statusCode(),
          response.headers().firstValue("x-fault-injected").orElse(""),
          body.toByteArray());
    } catch (IOException broken) {
      return begun[0] ? cut(body.toByteArray()) : "nothing";
    } catch (InterruptedException stopped) {
      throw new AssertionError(stopped);
    }
  }
}
