package dev.belay.chaos.trace;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * The trace of a request that makes each call of a map once: what there is to go by as long as a
 * system sends none. Services that nobody calls are entered from outside; so is one of each circle
 * that nothing leads to. It says nothing about time.
 */
public final class ImaginedTrace {
  private static final String ID = "map";
  private static final Pattern READS = Pattern.compile("GET|HEAD|OPTIONS");

  private final ServiceMap map;
  private final Map<String, List<String>> called = new HashMap<>();
  private final Map<String, String> entered = new HashMap<>();
  private final Deque<String> open = new ArrayDeque<>();
  private final List<Span> spans = new ArrayList<>();

  private ImaginedTrace(ServiceMap map) {
    this.map = map;
    map.topology().stream()
        .filter(ImaginedTrace::leads)
        .forEach(link ->
            called.computeIfAbsent(link.source(), none -> new ArrayList<>()).add(link.target()));
  }

  /** The trace of a map; nothing if no service calls another. */
  public static Optional<Trace> of(ServiceMap map) {
    return map.topology().stream().noneMatch(ImaginedTrace::leads)
        ? Optional.empty()
        : Optional.of(new ImaginedTrace(map).walk());
  }

  /** What a service asks of itself goes nowhere that a fault could be put. */
  private static boolean leads(ServiceMap.Link link) {
    return !link.source().equals(link.target());
  }

  private Trace walk() {
    Set<String> targets = new HashSet<>();
    called.values().forEach(targets::addAll);
    called.keySet().stream()
        .sorted()
        .filter(name -> !targets.contains(name))
        .forEach(name -> enter(name, Optional.empty()));
    follow();
    for (String name : called.keySet().stream().sorted().toList()) {
      if (!entered.containsKey(name)) {
        enter(name, Optional.empty());
        follow();
      }
    }
    return new Trace(spans, true);
  }

  private void follow() {
    while (!open.isEmpty()) {
      String service = open.removeFirst();
      Optional<String> parent = Optional.ofNullable(entered.get(service));
      called.getOrDefault(service, List.of()).forEach(target -> enter(target, parent));
    }
  }

  private void enter(String service, Optional<String> parent) {
    int number = spans.size();
    String id = "m%05d".formatted(number);
    spans.add(
        new Span(
            new SpanId(ID, id, parent),
            service,
            operation(service),
            SpanKind.SERVER,
            number,
            0,
            Span.Outcome.OK));
    if (entered.putIfAbsent(service, id) == null) {
      open.addLast(service);
    }
  }

  /** What changes something, if there is such a thing: a search looks closer at that. */
  private String operation(String service) {
    List<ServiceMap.Api> apis =
        Optional.ofNullable(map.services().get(service))
            .map(ServiceMap.Service::apis)
            .orElse(List.of());
    return apis.stream()
        .filter(api -> !READS.matcher(api.method()).matches())
        .findFirst()
        .or(() -> apis.stream().findFirst())
        .map(api -> (api.method() + " " + api.template()).strip())
        .orElse("GET /");
  }
}
