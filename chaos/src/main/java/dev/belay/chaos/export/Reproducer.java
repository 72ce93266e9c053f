package dev.belay.chaos.export;

import dev.belay.Check;
import dev.belay.chaos.FaultPlan;
import dev.belay.chaos.http.HttpAsk;
import dev.belay.chaos.http.HttpCheck;
import dev.belay.chaos.inject.Aim;
import dev.belay.chaos.inject.PlanPolicies;
import dev.belay.chaos.inject.Policy;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * What it takes to see a failure once more.
 *
 * @param service the service whose system fails; 1 to 63 of a-z, 0-9 and hyphen, beginning and
 *     ending with a letter or digit
 * @param plan the faults; at least one
 * @param executor the base address of the fault executor, such as {@code http://127.0.0.1:8080};
 *     without a user
 * @param ask what is asked of the system while the faults are in force; headers that look like
 *     secrets are not written down, its address and its body are
 * @param laws what must hold after that
 * @param spared paths that no fault may strike
 * @param finding what is seen then; none if that is not known
 */
public record Reproducer(
    String service,
    FaultPlan plan,
    URI executor,
    HttpAsk ask,
    List<Law> laws,
    List<String> spared,
    Optional<Finding> finding) {
  private static final Pattern NAME = Pattern.compile("[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?");
  private static final int LONGEST = 40;
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  public Reproducer {
    Check.that(
        NAME.matcher(service).matches(),
        "service must be 1 to 63 of a-z, 0-9 and hyphens, not at the ends, was '%s'",
        service);
    Check.that(plan.size() >= 1, "a plan without a fault reproduces nothing");
    checkAddress("executor", executor);
    laws = List.copyOf(laws);
    spared = List.copyOf(spared);
    executor = URI.create(executor.toString().replaceFirst("/+$", ""));
  }

  /** One of a system that is asked with {@code GET}, and of which nothing more must hold. */
  public Reproducer(String service, FaultPlan plan, URI executor, URI ask) {
    this(service, plan, executor, get(ask), List.of(), List.of(), Optional.empty());
  }

  /** The same with what is seen then. */
  public Reproducer showing(Finding other) {
    return new Reproducer(service, plan, executor, ask, laws, spared, Optional.of(other));
  }

  /** What is seen, in one line that begins so; empty if that is not known. */
  String shows(String begin) {
    return finding.map(one -> begin + one.words()).orElse("");
  }

  /**
   * What must always hold.
   *
   * @param name in a few words
   * @param ask how to find out
   * @param expected what the answer is then
   */
  public record Law(String name, HttpAsk ask, HttpCheck.Expected expected) {}

  private static HttpAsk get(URI address) {
    checkAddress("ask", address);
    return new HttpAsk("GET", address, Map.of(), Optional.empty(), PATIENCE);
  }

  /** Its text is not said: there may be a password in it. */
  private static void checkAddress(String field, URI address) {
    Check.that(
        ("http".equals(address.getScheme()) || "https".equals(address.getScheme()))
            && address.getHost() != null
            && address.getRawUserInfo() == null,
        "%s must be http://HOST:PORT or https://HOST:PORT, without a user",
        field);
  }

  /** The name of its policies: the same for the same service and plan. */
  public String name() {
    String begin = service.length() > LONGEST ? service.substring(0, LONGEST) : service;
    return "belay-%s-%08x".formatted(begin, plan.toString().hashCode());
  }

  /** One policy for the whole plan, or one that any executor knows if the plan is that simple. */
  Policy policy() {
    List<Policy> policies = policies();
    return policies.size() == 1
        ? policies.getFirst()
        : PlanPolicies.whole(plan, Policy.Metadata.named(name()), aim());
  }

  /**
   * Policies that any executor knows, if they mean the same as the plan; else one for all of it.
   */
  List<Policy> policies() {
    return isPlain()
        ? PlanPolicies.plain(plan, name(), Aim.EVERYBODY)
        : List.of(PlanPolicies.whole(plan, Policy.Metadata.named(name()), aim()));
  }

  /** Whether any executor knows all that has to be said. */
  boolean isPlain() {
    return spared.isEmpty() && Plain.is(plan);
  }

  private Aim aim() {
    return Aim.EVERYBODY.sparing(spared);
  }
}
