package dev.belay.examples.home;

import dev.belay.chaos.Edge;
import dev.belay.chaos.FaultPlan;
import dev.belay.chaos.Invariant;
import dev.belay.chaos.Observation;
import dev.belay.chaos.Target;
import dev.belay.chaos.search.FaultSpace;
import dev.belay.examples.shop.Answer;
import dev.belay.examples.shop.Ask;
import dev.belay.examples.shop.Leaf;
import dev.belay.examples.shop.Service;
import dev.belay.examples.shop.sim.Between;
import dev.belay.examples.shop.sim.SimRequest;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.stream.Stream;

/**
 * The home page as a target in virtual time: each trial is one look at it by a child. The same seed
 * and the same plans in the same order give the same observations. For one thread.
 */
public final class SimHome implements Target {
  private static final SimRequest.Question LOOK =
      new SimRequest.Question("gateway", Ask.get("/home"));

  private final Set<Flaw> planted;
  private final SplittableRandom random;
  private Set<Flaw> shown = Set.of();
  private int runs;

  /**
   * A home page.
   *
   * @param planted the flaws in it
   * @param seed of the noise
   */
  public SimHome(Set<Flaw> planted, long seed) {
    this.planted = Set.copyOf(planted);
    this.random = new SplittableRandom(seed);
  }

  private static Map<String, Service> services(Flaws flaws) {
    List<Service> all =
        List.of(
            new Gateway(flaws),
            new Profile(flaws),
            Leaf.of("mapper", 3, "id", 7),
            new Caller("bookmarks", 4, "history", 250, seen -> Answer.ok("titles", 2 + seen)),
            Leaf.of("history", 5, "titles", 1),
            Leaf.of("telemetry", 1, "noted", 1),
            Leaf.of("trending", 3, "titles", 10),
            Leaf.of("my-list", 5, "titles", 4),
            Leaf.of("my-list-replica", 7, "titles", 4),
            new Caller("user-recs", 9, "features", 400, seen -> Answer.ok("titles", 10 + seen)),
            Leaf.of("features", 6, "features", 1),
            Leaf.of("global-recs", 4, "titles", 10),
            Leaf.of("ratings", 5, "stars", 5),
            Leaf.of("catalog", 8, "titles", 100),
            Leaf.of("artwork", 12, "pictures", 20),
            Leaf.of("adverts", 10, "advert", 1));
    Map<String, Service> services = new LinkedHashMap<>();
    all.forEach(service -> services.put(service.name(), service));
    return services;
  }

  /** All calls between its services, those that are rare included. */
  public static List<Edge> edges() {
    return Stream.of(
            "gateway>user-profile",
            "user-profile>mapper",
            "gateway>bookmarks",
            "bookmarks>history",
            "gateway>telemetry",
            "gateway>trending",
            "gateway>my-list",
            "gateway>my-list-replica",
            "gateway>user-recs",
            "user-recs>features",
            "gateway>global-recs",
            "gateway>ratings",
            "gateway>catalog",
            "gateway>artwork",
            "gateway>adverts")
        .map(text -> text.split(">", 2))
        .map(ends -> new Edge(ends[0], ends[1]))
        .toList();
  }

  /** Everything that may fail in it, three faults together; titles may also be unknown. */
  public static FaultSpace space() {
    FaultSpace.Kinds kinds =
        new FaultSpace.Kinds(
            List.of(503, 500, 404),
            List.of(Duration.ofMillis(50), Duration.ofSeconds(3)),
            true,
            List.of(503));
    return new FaultSpace(edges(), kinds, 3);
  }

  @Override
  public Observation run(FaultPlan plan) throws InterruptedException {
    if (Thread.interrupted()) {
      throw new InterruptedException();
    }
    Flaws flaws = new Flaws(planted);
    Map<String, Service> services = services(flaws);
    SimRequest request =
        SimRequest.ask(
            LOOK,
            new SimRequest.World(name -> Optional.ofNullable(services.get(name)), Between.NOTHING),
            plan,
            random,
            ++runs);
    shown = flaws.shown();
    boolean unrated = request.answer().map(page -> page.value("unrated") > 0).orElse(false);
    return request.seen(
        List.of(new Invariant("children see what is for them", !unrated, "unrated " + unrated)));
  }

  /** Which flaws showed in the last trial: the truth, which is not for a search to see. */
  public Set<Flaw> shown() {
    return shown;
  }
}
