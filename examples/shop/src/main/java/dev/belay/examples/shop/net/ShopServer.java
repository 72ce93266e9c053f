package dev.belay.examples.shop.net;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.belay.Time;
import dev.belay.examples.shop.Answer;
import dev.belay.examples.shop.Ask;
import dev.belay.examples.shop.Defects;
import dev.belay.examples.shop.Planted;
import dev.belay.examples.shop.Service;
import dev.belay.examples.shop.Shop;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.random.RandomGenerator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * One service of the shop behind a port of the loopback address. Safe for any number of threads.
 *
 * <p>A request without an order begins one, which has the name of its trace if it has one. Besides
 * what the service itself answers there are {@code /health}; at the edge {@code /total}, which says
 * whether an order was priced rightly, and {@code /status}, whether others are served; and at the
 * ledger {@code /books}, which says whether an order was charged once at the most. These are about
 * the order whose name is in {@code x-belay-trace-id}, or else about the last one.
 */
public final class ShopServer implements AutoCloseable {
  private static final int MOST_BYTES = 64 * 1024;

  /** The header of a question that names the trace of the order that it is about. */
  private static final String ABOUT = "x-belay-trace-id";

  private static final Pattern TRACE = Pattern.compile("[0-9a-f]{2}-([0-9a-f]{32})-.*");

  private final Settings settings;
  private final HttpServer server;
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final NetWorld.Means means;
  private final Journal journal;
  private final Sales sales = new Sales();

  /**
   * What is served.
   *
   * @param service the name of the service
   * @param port where it listens; 0 for any free port
   * @param peers where the services that it calls are to be called
   * @param through the proxy for those of them that are called through one
   * @param defects what is wrong with the shop
   * @param journal a folder that all services of the shop share
   */
  public record Settings(
      String service,
      int port,
      Map<String, URI> peers,
      Map<String, URI> through,
      Set<Planted> defects,
      Path journal) {
    public Settings {
      peers = Map.copyOf(peers);
      through = Map.copyOf(through);
      defects = Set.copyOf(defects);
      if (new Shop(new Defects(Set.of())).service(service).isEmpty()) {
        throw new IllegalArgumentException("the shop has no service " + service);
      }
    }

    /** Calls all its peers directly. */
    public Settings(
        String service, int port, Map<String, URI> peers, Set<Planted> defects, Path journal) {
      this(service, port, peers, Map.of(), defects, journal);
    }
  }

  private ShopServer(Settings settings, HttpServer server, Time time, RandomGenerator random) {
    this.settings = settings;
    this.server = server;
    this.journal = new Journal(settings.journal());
    this.means =
        new NetWorld.Means(
            HttpClient.newBuilder()
                .executor(threads)
                .proxy(new Detours(settings.peers(), settings.through()))
                .build(),
            settings.peers(),
            time,
            random);
  }

  /**
   * Opens the port.
   *
   * @param random noise and chance; safe for any number of threads
   */
  public static ShopServer start(Settings settings, Time time, RandomGenerator random)
      throws IOException {
    InetSocketAddress at = new InetSocketAddress(InetAddress.getLoopbackAddress(), settings.port());
    HttpServer server = HttpServer.create(at, 0);
    ShopServer shop = new ShopServer(settings, server, time, random);
    server.setExecutor(shop.threads);
    server.createContext("/", shop::serve);
    server.start();
    return shop;
  }

  /** The port. */
  public int port() {
    return server.getAddress().getPort();
  }

  private void serve(HttpExchange exchange) throws IOException {
    try (exchange) {
      String path = exchange.getRequestURI().getPath();
      switch (settings.service() + path) {
        case "ledger/books" -> send(exchange, 200, charged(name(exchange, ABOUT)));
        case "edge/total" -> send(exchange, 200, total(asked(exchange)));
        default -> {
          if (path.equals("/health")) {
            send(exchange, 200, "well");
          } else {
            answer(exchange, ask(exchange));
          }
        }
      }
    } catch (InterruptedException stopped) {
      Thread.currentThread().interrupt();
    }
  }

  private static Ask ask(HttpExchange exchange) throws IOException {
    byte[] body = exchange.getRequestBody().readNBytes(MOST_BYTES);
    return new Ask(
        exchange.getRequestMethod(),
        exchange.getRequestURI().getPath(),
        Values.read(new String(body, StandardCharsets.UTF_8)));
  }

  private void answer(HttpExchange exchange, Ask ask) throws IOException, InterruptedException {
    String order = order(exchange, ask);
    Shop shop = sales.of(order).map(Sales.Sale::shop).orElseGet(() -> shop(order));
    Service service = shop.service(settings.service()).orElseThrow();
    Answer answer = service.handle(ask, new NetWorld(means, order));
    if (!ask.path().equals("/status")) {
      sales.add(new Sales.Sale(order, shop, answer));
    }
    send(exchange, answer.status(), Values.write(answer.values()));
  }

  private Shop shop(String order) {
    Defects defects = new Defects(settings.defects(), defect -> journal.show(order, defect));
    return new Shop(defects, journal.books(order));
  }

  /** Who asks how things are does not begin an order. */
  private String order(HttpExchange exchange, Ask ask) {
    Optional<String> named = name(exchange, NetWorld.ORDER);
    if (named.isPresent()) {
      return named.get();
    }
    if (ask.path().equals("/status")) {
      Optional<Sales.Sale> sale = asked(exchange);
      if (sale.isPresent()) {
        return sale.get().order();
      }
    }
    Optional<Matcher> trace =
        header(exchange, "traceparent").map(TRACE::matcher).filter(Matcher::matches);
    String order =
        trace
            .map(found -> found.group(1))
            .orElseGet(() -> HexFormat.of().toHexDigits(means.random().nextLong()));
    journal.begin(order);
    return order;
  }

  private static Optional<String> name(HttpExchange exchange, String header) {
    return header(exchange, header).filter(order -> Journal.ORDER.matcher(order).matches());
  }

  /** What a question is about: the order of the trace that it names, or else the last one. */
  private Optional<Sales.Sale> asked(HttpExchange exchange) {
    return name(exchange, ABOUT).map(sales::of).orElseGet(sales::last);
  }

  private static Optional<String> header(HttpExchange exchange, String name) {
    return Optional.ofNullable(exchange.getRequestHeaders().getFirst(name));
  }

  private String charged(Optional<String> about) {
    long charges =
        about.or(journal::newest).map(order -> journal.books(order).charges()).orElse(0L);
    return "%s: %d charges".formatted(charges <= 1 ? "right" : "wrong", charges);
  }

  private static String total(Optional<Sales.Sale> about) {
    Optional<Long> total =
        about.map(Sales.Sale::answer).filter(Answer::isOk).map(answer -> answer.value("total"));
    return total.isEmpty() || Shop.isRight(total.get())
        ? "right"
        : "wrong: a total of " + total.get();
  }

  private static void send(HttpExchange exchange, int status, String text) throws IOException {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    exchange.sendResponseHeaders(status, bytes.length == 0 ? -1 : bytes.length);
    exchange.getResponseBody().write(bytes);
  }

  /** Closes the port; what is being answered is broken off. */
  @Override
  public void close() {
    server.stop(0);
    means.client().shutdownNow();
    threads.shutdownNow();
  }
}
