package dev.belay;

import static java.util.Objects.requireNonNull;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Endpoints that can stand in for each other, and how to choose among them. The list may change
 * while calls run: they see the old one or the new one whole. Safe for any number of threads.
 *
 * @param <E> the kind of endpoint
 */
public final class Pool<E extends Endpoint> {
  private final String name;
  private final TargetLatencies latencies = new TargetLatencies();
  private volatile Selection selection;
  private volatile Recovery recovery = Recovery.OFF;
  private volatile List<E> endpoints;

  private Pool(String name, Selection selection, List<E> endpoints) {
    this.name = requireNonNull(name, "name");
    this.selection = requireNonNull(selection, "selection");
    this.endpoints = checked(endpoints);
  }

  /** A pool; it may be empty, and then refuses every call. */
  public static <E extends Endpoint> Pool<E> of(
      String name, Selection selection, List<E> endpoints) {
    return new Pool<>(name, selection, endpoints);
  }

  /** A pool of one. */
  static <E extends Endpoint> Pool<E> single(E endpoint) {
    return new Pool<>(endpoint.name(), new First(), List.of(endpoint));
  }

  /** Takes what comes first. */
  private static final class First implements Selection {
    @Override
    public <E extends Endpoint> E select(List<E> candidates, Call call) {
      return candidates.getFirst();
    }
  }

  private static <E extends Endpoint> List<E> checked(List<E> endpoints) {
    Set<String> names = new HashSet<>();
    for (E endpoint : endpoints) {
      Check.that(
          names.add(endpoint.name()), "endpoint names must differ, '%s' is there twice", endpoint);
    }
    return List.copyOf(endpoints);
  }

  /** The name in metrics and refusals. */
  public String name() {
    return name;
  }

  /** The endpoints now, in order. */
  public List<E> endpoints() {
    return endpoints;
  }

  /** Changes the whole list at once; attempts that are running finish where they are. */
  public void replace(List<E> endpoints) {
    this.endpoints = checked(endpoints);
  }

  /** Chooses differently from the next attempt on. */
  public void chooseBy(Selection selection) {
    this.selection = requireNonNull(selection, "selection");
  }

  /** Treats endpoints that failed lately differently from the next attempt on; default is off. */
  public void recoverBy(Recovery recovery) {
    this.recovery = requireNonNull(recovery, "recovery");
  }

  /**
   * How long until some endpoint may admit an attempt; {@link RetryPolicy#FOREVER} if none will.
   */
  public Duration untilTest() {
    return Nanos.duration(untilTestNanos());
  }

  long untilTestNanos() {
    long least = Nanos.FOREVER;
    for (E endpoint : endpoints) {
      least = Math.min(least, endpoint.breaker().untilTestNanos());
    }
    return least;
  }

  /** Whether an endpoint that is not in {@code tried} could take an attempt now. */
  boolean hasFresh(List<E> tried) {
    for (E endpoint : endpoints) {
      if (endpoint.isSelectable() && !tried.contains(endpoint)) {
        return true;
      }
    }
    return false;
  }

  /** An endpoint and leave to use it. */
  record Chosen<E extends Endpoint>(E endpoint, Permit permit) {}

  /**
   * Chooses among those that were not tried, then among those that were, but never among {@code
   * held}, which were tried, too; null if none is free.
   */
  @Nullable Chosen<E> choose(Call call, List<E> tried, List<E> held) {
    Chosen<E> fresh = chooseExcept(call, tried);
    return fresh != null || tried.isEmpty() ? fresh : chooseExcept(call, held);
  }

  private @Nullable Chosen<E> chooseExcept(Call call, List<E> except) {
    Recovery rules = recovery;
    List<E> list = endpoints;
    Set<E> spared = rules.spared(list);
    List<E> candidates = selectable(list, except, spared);
    List<E> warm = rules.warm(candidates, SharedRandom.INSTANCE);
    Chosen<E> chosen = start(warm, spared, call);
    boolean all = warm.size() == candidates.size();
    return chosen != null || all ? chosen : start(candidates, spared, call);
  }

  private @Nullable Chosen<E> start(List<E> from, Set<E> spared, Call call) {
    List<E> candidates = from;
    while (!candidates.isEmpty()) {
      E chosen = selection.select(candidates, call);
      Permit permit = chosen.tryStart();
      if (!permit.isGranted() && spared.contains(chosen)) {
        permit = chosen.tryStartAnyway();
      }
      if (permit.isGranted()) {
        return new Chosen<>(chosen, permit);
      }
      // somebody else took its last place meanwhile
      candidates = new ArrayList<>(candidates);
      candidates.remove(chosen);
    }
    return null;
  }

  private List<E> selectable(List<E> all, List<E> except, Set<E> spared) {
    List<E> some = new ArrayList<>(all.size());
    for (E endpoint : all) {
      boolean free = endpoint.isSelectable() || (spared.contains(endpoint) && !endpoint.isFull());
      if (free && !except.contains(endpoint)) {
        some.add(endpoint);
      }
    }
    return some;
  }

  /** How long recent successes took. */
  TargetLatencies latencies() {
    return latencies;
  }
}
