package dev.belay.testkit;

import static java.util.Objects.requireNonNull;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * What a server does with each request, in order of arrival. A script is a description: each server
 * that plays it begins at its first step. Immutable.
 *
 * <pre>{@code
 * Script.of(Reply.status(503).retryAfterSeconds(2), Reply.ok("hello")); // hello from then on
 * Script.cycling(Reply.ok("a"), Reply.status(500));
 * Script.answering(request -> Reply.ok("you asked for " + request.path()));
 * Script.mix(42, Script.weighted(30, Behaviour.status(502)), Script.weighted(70, Behaviour.forward()));
 * Script.phases(100, Script.of(Behaviour.forward()), Script.of(Behaviour.hang()));
 * }</pre>
 *
 * @param <Q> the requests: {@link ReceivedRequest} at an origin, {@link ProxyRequest} at a proxy
 * @param <A> the answers: {@link Reply} at an origin, {@link Behaviour} at a proxy
 */
public final class Script<Q, A> {

  /**
   * One of the answers of a {@link #mix}.
   *
   * @param weight how often, relative to the others: more than 0
   * @param answer what to do
   */
  public record Weighted<A>(double weight, A answer) {

    /** Rejects a weight that is not a positive number. */
    public Weighted {
      requireNonNull(answer, "answer");
      Check.that(
          weight > 0 && weight < 1e9, "weight must be above 0 and below 1e9, was %s", weight);
    }
  }

  /** A script that is being played. What it says depends on the number and the request alone. */
  interface Play<Q, A> {
    A at(long number, Q request);

    /** The answer to a request that has not been read yet, where it does not depend on it. */
    Optional<A> unasked(long number);
  }

  private record Numbered<Q, A>(List<A> answers, Function<Long, Integer> index)
      implements Play<Q, A> {
    @Override
    public A at(long number, Q request) {
      return answers.get(index.apply(number));
    }

    @Override
    public Optional<A> unasked(long number) {
      return Optional.of(answers.get(index.apply(number)));
    }
  }

  private record Answering<Q, A>(Function<? super Q, ? extends A> function) implements Play<Q, A> {
    @Override
    public A at(long number, Q request) {
      return function.apply(request);
    }

    @Override
    public Optional<A> unasked(long number) {
      return Optional.empty();
    }
  }

  private record Phases<Q, A>(long count, Play<Q, A> first, Play<Q, A> then) implements Play<Q, A> {
    @Override
    public A at(long number, Q request) {
      return number < count ? first.at(number, request) : then.at(number - count, request);
    }

    @Override
    public Optional<A> unasked(long number) {
      return number < count ? first.unasked(number) : then.unasked(number - count);
    }
  }

  /** Each branch counts its own requests, so that "the second for /a" means what it says. */
  private record Branches<Q, A>(
      Function<Q, List<String>> keys,
      Map<String, Play<Q, A>> branches,
      Play<Q, A> otherwise,
      Map<String, AtomicLong> counts)
      implements Play<Q, A> {
    @Override
    public A at(long number, Q request) {
      String branch =
          keys.apply(request).stream().filter(branches::containsKey).findFirst().orElse("");
      Play<Q, A> play = branches.getOrDefault(branch, otherwise);
      return play.at(
          counts.computeIfAbsent(branch, b -> new AtomicLong()).getAndIncrement(), request);
    }

    @Override
    public Optional<A> unasked(long number) {
      return Optional.empty();
    }
  }

  private final Supplier<Play<Q, A>> beginning;

  private Script(Supplier<Play<Q, A>> beginning) {
    this.beginning = beginning;
  }

  /** The first step again: what a server that starts to play this script follows. */
  Play<Q, A> begin() {
    return beginning.get();
  }

  /**
   * Plays this script by itself, from its first step: each application of the function is the next
   * step. For whoever builds a server of their own. Safe for any number of threads.
   */
  public Function<Q, A> player() {
    return new Playback<Q, A>(this)::next;
  }

  /** These answers one after the other, then the last one for ever. */
  @SafeVarargs
  public static <Q, A> Script<Q, A> of(A first, A... rest) {
    List<A> answers = new ArrayList<>(List.of(first));
    for (A answer : rest) { // passing the array on would be unchecked
      answers.add(answer);
    }
    int last = answers.size() - 1;
    return new Script<>(
        () -> new Numbered<>(List.copyOf(answers), number -> (int) Math.min(number, last)));
  }

  /** These answers one after the other, over and over. */
  @SafeVarargs
  public static <Q, A> Script<Q, A> cycling(A first, A... rest) {
    List<A> answers = new ArrayList<>(List.of(first));
    for (A answer : rest) { // passing the array on would be unchecked
      answers.add(answer);
    }
    return new Script<>(() ->
        new Numbered<>(List.copyOf(answers), number -> Math.floorMod(number, answers.size())));
  }

  /**
   * Whatever the function says. It runs on the thread of the connection, for several requests at
   * once; an exception that it throws cuts the connection and goes to the thread's handler.
   */
  public static <Q, A> Script<Q, A> answering(Function<? super Q, ? extends A> function) {
    requireNonNull(function, "function");
    return new Script<>(() -> new Answering<>(function));
  }

  /**
   * Whatever a function says that each server gets for itself when it starts to play the script:
   * for functions that remember. It is called as in {@link #answering}.
   */
  public static <Q, A> Script<Q, A> remembering(
      Supplier<? extends Function<? super Q, ? extends A>> functions) {
    requireNonNull(functions, "functions");
    return new Script<>(() -> new Answering<>(functions.get()));
  }

  /** A script of its own for each value of that property of a request, another for the rest. */
  public static <Q, A> Script<Q, A> by(
      Function<? super Q, String> property,
      Map<String, Script<Q, A>> scripts,
      Script<Q, A> otherwise) {
    return branching(request -> List.of(property.apply(request)), scripts, otherwise);
  }

  /** One of the answers of a {@link #mix}. */
  public static <A> Weighted<A> weighted(double weight, A answer) {
    return new Weighted<>(weight, answer);
  }

  /**
   * A random answer for each request, the same one for the same seed and number of the request, in
   * every run and on every machine.
   */
  @SafeVarargs
  public static <Q, A> Script<Q, A> mix(
      long seed, Weighted<? extends A> first, Weighted<? extends A>... rest) {
    List<Weighted<? extends A>> choices = new ArrayList<>(List.of(first));
    for (Weighted<? extends A> choice : rest) { // passing the array on would be unchecked
      choices.add(choice);
    }
    List<A> answers = choices.stream().<A>map(Weighted::answer).toList();
    double[] bounds = new double[choices.size()];
    double total = 0;
    for (int i = 0; i < bounds.length; i++) {
      total += choices.get(i).weight();
      bounds[i] = total;
    }
    return new Script<>(
        () -> new Numbered<>(List.copyOf(answers), number -> draw(seed, number, bounds)));
  }

  private static int draw(long seed, long number, double[] bounds) {
    // SplitMix64 (Steele, Lea, Flood 2014) written out, so that no JDK ever draws differently.
    long bits = seed * 0xD1B54A32D192ED03L + (number + 1) * 0x9E3779B97F4A7C15L;
    bits = (bits ^ (bits >>> 30)) * 0xBF58476D1CE4E5B9L;
    bits = (bits ^ (bits >>> 27)) * 0x94D049BB133111EBL;
    bits ^= bits >>> 31;
    double point = (bits >>> 11) * 0x1.0p-53 * bounds[bounds.length - 1];
    int choice = 0;
    while (choice < bounds.length - 1 && point >= bounds[choice]) {
      choice++;
    }
    return choice;
  }

  /** The first script for {@code count} requests, at least 0, then the other from its start. */
  public static <Q, A> Script<Q, A> phases(long count, Script<Q, A> first, Script<Q, A> then) {
    Check.that(count >= 0, "count must not be negative, was %d", count);
    return new Script<>(() -> new Phases<>(count, first.begin(), then.begin()));
  }

  /** A script of its own for each path of an origin (without the query), another for the rest. */
  public static <A> Script<ReceivedRequest, A> byPath(
      Map<String, Script<ReceivedRequest, A>> scripts, Script<ReceivedRequest, A> otherwise) {
    return branching(request -> List.of(request.path()), scripts, otherwise);
  }

  /**
   * A script of its own for each target of a proxy, written {@code host:port} or {@code host}, in
   * lower case; another for the rest.
   */
  public static <A> Script<ProxyRequest, A> byTarget(
      Map<String, Script<ProxyRequest, A>> scripts, Script<ProxyRequest, A> otherwise) {
    return branching(request -> List.of(request.target(), request.host()), scripts, otherwise);
  }

  private static <Q, A> Script<Q, A> branching(
      Function<Q, List<String>> keys, Map<String, Script<Q, A>> scripts, Script<Q, A> otherwise) {
    Map<String, Script<Q, A>> copy = Map.copyOf(scripts);
    return new Script<>(() -> {
      Map<String, Play<Q, A>> branches = new HashMap<>();
      copy.forEach((name, script) -> branches.put(name, script.begin()));
      return new Branches<>(keys, branches, otherwise.begin(), new ConcurrentHashMap<>());
    });
  }
}
