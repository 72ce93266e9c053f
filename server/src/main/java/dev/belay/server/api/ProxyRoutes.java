package dev.belay.server.api;

import static java.util.Map.entry;
import static java.util.Objects.requireNonNull;

import dev.belay.EndpointStats;
import dev.belay.Time;
import dev.belay.proxy.Upstream;
import dev.belay.proxy.UpstreamPool.Entry;
import dev.belay.server.live.PoolEditor;
import dev.belay.server.live.RecentLatencies;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The proxies of the pool: to look at, add, change and remove. */
final class ProxyRoutes {
  private static final String PATH = "/api/v1/proxies";
  private static final String ONE = PATH + "/{proxyId}";
  private static final int LARGEST_PAGE = 100;
  private static final List<String> STATES = List.of("closed", "open", "half_open");

  private static final Map<String, Comparator<ProxyView>> ORDERS =
      Map.ofEntries(
          entry("url", Comparator.comparing((ProxyView view) -> view.upstream().name())),
          entry("state", Comparator.comparing(ProxyView::state)),
          entry("score", Comparator.comparingDouble(ProxyView::score)),
          entry("success_rate", Comparator.comparingDouble(view -> view.stats().successRate())),
          entry("latency_p95", Comparator.comparingDouble(ProxyView::p95Seconds)),
          entry("in_flight", Comparator.comparingInt(view -> view.stats().inFlight())),
          entry("attempts", Comparator.comparingLong(view -> view.stats().started())),
          entry("failures", Comparator.comparingLong(view -> view.stats().failures())),
          entry("seconds_until_test", Comparator.comparingDouble(ProxyView::secondsUntilTest)));

  private static final List<String> SORTS =
      ORDERS.keySet().stream().sorted().flatMap(name -> Stream.of(name, "-" + name)).toList();

  private final PoolEditor pool;
  private final RecentLatencies latencies;
  private final Time time;

  ProxyRoutes(PoolEditor pool, RecentLatencies latencies, Time time) {
    this.pool = pool;
    this.latencies = latencies;
    this.time = time;
  }

  void addTo(Routes routes) {
    routes.get(PATH, this::page);
    routes.add(HttpMethod.POST, PATH, Bodies.JSON, this::add);
    routes.get(ONE, this::one);
    routes.add(HttpMethod.PATCH, ONE, Bodies.PATCH, this::change);
    routes.add(HttpMethod.DELETE, ONE, Bodies.NONE, this::remove);
  }

  private Reply page(Ask ask) {
    Query query = new Query(ask);
    int page = query.whole("page", 1, 1_000_000, 1);
    int size = query.whole("size", 1, LARGEST_PAGE, 50);
    Optional<String> state = query.oneOf("state", STATES);
    Optional<String> tag = query.text("tag", 64);
    Optional<String> search = query.text("search", 256).map(text -> text.toLowerCase(Locale.ROOT));
    Optional<String> sort = query.oneOf("sort", SORTS);
    query.close();
    List<ProxyView> found = new ArrayList<>();
    List<ProxyView> all = views(pool.pool().upstreams());
    for (ProxyView view : all) {
      boolean fits =
          state.filter(wanted -> !wanted.equals(view.state())).isEmpty()
              && tag.filter(wanted -> !view.upstream().traits().tags().contains(wanted)).isEmpty()
              && search.filter(wanted -> !lower(view).contains(wanted)).isEmpty();
      if (fits) {
        found.add(view);
      }
    }
    sort.ifPresent(name -> found.sort(order(name)));
    List<JsonObject> shown =
        found.stream().skip((page - 1L) * size).limit(size).map(ProxyView::json).toList();
    return Reply.ok(
        new JsonObject()
            .put("proxies", new JsonArray(shown))
            .put("page", page)
            .put("size", size)
            .put("total", found.size())
            .put("states", states(all))
            .put("pages", Math.ceilDiv(found.size(), size)));
  }

  /** How many of the whole pool are in each state. */
  private static JsonObject states(List<ProxyView> all) {
    JsonObject states = new JsonObject();
    for (String state : STATES) {
      states.put(state, all.stream().filter(view -> view.state().equals(state)).count());
    }
    return states;
  }

  private static String lower(ProxyView view) {
    return view.upstream().name().toLowerCase(Locale.ROOT);
  }

  /** Equals stay in the order of the pool. */
  private static Comparator<ProxyView> order(String sort) {
    boolean down = sort.startsWith("-");
    Comparator<ProxyView> order = requireNonNull(ORDERS.get(down ? sort.substring(1) : sort));
    return down ? order.reversed() : order;
  }

  private List<ProxyView> views(List<Upstream> upstreams) {
    Map<String, String> origins = pool.pool().origins();
    Map<String, Instant> expiries = pool.pool().expiries();
    List<EndpointStats.Snapshot> stats =
        upstreams.stream().map(upstream -> upstream.stats().snapshot()).toList();
    double slowest = stats.stream().mapToDouble(EndpointStats.Snapshot::meanNanos).max().orElse(0);
    List<ProxyView> views = new ArrayList<>(upstreams.size());
    for (int i = 0; i < upstreams.size(); i++) {
      Upstream upstream = upstreams.get(i);
      EndpointStats.Snapshot one = stats.get(i);
      double slowness = slowest == 0 ? 0 : one.meanNanos() / slowest;
      views.add(
          new ProxyView(
              upstream,
              one,
              upstream.breaker().snapshot(),
              latencies.percentile(upstream.name(), 0.95),
              0.7 * one.successRate() + 0.3 * (1 - slowness),
              origins.getOrDefault(upstream.id(), "api"),
              Optional.ofNullable(expiries.get(upstream.id()))));
    }
    return views;
  }

  private ProxyView view(String asked) {
    String id = Proxies.find(pool, asked).id();
    return views(pool.pool().upstreams()).stream()
        .filter(view -> view.upstream().id().equals(id))
        .findFirst()
        .orElseThrow(() -> ApiProblem.noProxy(asked));
  }

  private Reply one(Ask ask) {
    new Query(ask).close();
    return Reply.ok(view(ask.param("proxyId")).json());
  }

  private Reply add(Ask ask) {
    new Query(ask).close();
    Fields fields = ask.fields();
    Optional<Entry> entry = ProxyFields.read(fields, time);
    fields.close();
    Entry wanted = entry.orElseThrow();
    String id = wanted.address().id();
    PoolEditor.Added added =
        pool.add(List.of(wanted)).orElseThrow(() -> ApiProblem.full(PoolEditor.MOST));
    if (added.added().isEmpty()) {
      throw ApiProblem.alreadyThere(id);
    }
    return Reply.json(201, view(id).json()).with("Location", PATH + "/" + id);
  }

  private Reply change(Ask ask) {
    new Query(ask).close();
    String asked = ask.param("proxyId");
    String id = Proxies.find(pool, asked).id();
    Fields patch = ask.patch();
    if (!pool.change(id, before -> ProxyFields.patch(patch, before, time))) {
      throw ApiProblem.noProxy(asked);
    }
    return Reply.ok(view(id).json());
  }

  private Reply remove(Ask ask) {
    new Query(ask).close();
    String asked = ask.param("proxyId");
    if (!pool.remove(Proxies.find(pool, asked).id())) {
      throw ApiProblem.noProxy(asked);
    }
    latencies.retain(pool.byId().values().stream().map(Upstream::name).collect(Collectors.toSet()));
    return Reply.empty(204);
  }
}
