package dev.belay.chaos.trace;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;

/** Makes a map of what traces show. For one thread. */
final class Surveyor {
  private static final String SOURCE = "traces";
  private static final int MOST_APIS = 200;
  private static final long NANOS = 1_000_000_000;
  private static final Pattern METHOD = Pattern.compile("[A-Z]{3,10}");
  private static final Pattern HOLE = Pattern.compile("\\{[^/]*}|:[A-Za-z_]\\w*|\\*+");
  private static final List<String> METHODS = List.of("http.request.method", "http.method");
  private static final List<String> PATHS = List.of("http.route", "url.path", "http.target");

  private final Map<String, Map<String, ServiceMap.Api>> apis = new TreeMap<>();
  private final Map<List<String>, Long> links = new LinkedHashMap<>();
  private final Set<String> errors = new TreeSet<>();
  private long first = Long.MAX_VALUE;
  private long last = Long.MIN_VALUE;

  Surveyor(List<Trace> traces) {
    traces.forEach(this::take);
  }

  private void take(Trace trace) {
    if (!trace.complete()) {
      errors.add("some traces are not complete");
    }
    for (Calls.Call call : Calls.of(trace)) {
      apis.computeIfAbsent(call.callee(), none -> new LinkedHashMap<>());
      if (call.span().service().equals(call.callee())) {
        api(call.span()).ifPresent(api -> keep(call.callee(), api));
      }
      if (!call.caller().equals(Calls.OUTSIDE)) {
        apis.computeIfAbsent(call.caller(), none -> new LinkedHashMap<>());
        links.merge(List.of(call.caller(), call.callee()), 1L, Long::sum);
      }
    }
    for (Span span : trace.spans()) {
      apis.computeIfAbsent(span.service(), none -> new LinkedHashMap<>());
      first = Math.min(first, span.startNanos());
      last = Math.max(last, span.endNanos());
    }
  }

  private void keep(String service, ServiceMap.Api api) {
    Map<String, ServiceMap.Api> known = apis.get(service);
    if (known == null || known.size() < MOST_APIS) {
      apis.computeIfAbsent(service, none -> new LinkedHashMap<>())
          .putIfAbsent(api.method() + " " + api.template(), api);
    } else {
      errors.add("%s has more than %d apis".formatted(service, MOST_APIS));
    }
  }

  /** By its attributes, or by its name if that is a method and a path. */
  private static Optional<ServiceMap.Api> api(Span span) {
    Map<String, String> tags = span.outcome().tags();
    String[] words = span.operation().split(" ", 2);
    boolean named = words.length == 2 && METHOD.matcher(words[0]).matches();
    Optional<String> method =
        first(tags, METHODS)
            .map(text -> text.toUpperCase(Locale.ROOT))
            .or(() -> named ? Optional.of(words[0]) : Optional.empty());
    Optional<String> path =
        first(tags, PATHS)
            .filter(text -> text.startsWith("/"))
            .or(() -> named && words[1].startsWith("/") ? Optional.of(words[1]) : Optional.empty());
    return path.map(text -> api(method.orElse(""), text));
  }

  private static Optional<String> first(Map<String, String> tags, List<String> names) {
    return names.stream().filter(tags::containsKey).map(tags::get).findFirst();
  }

  private static ServiceMap.Api api(String method, String path) {
    String bare = path.split("\\?", 2)[0];
    String template = HOLE.matcher(Operations.collapsed(bare)).replaceAll("{}");
    if (!template.contains("{}")) {
      return new ServiceMap.Api(method, template, ServiceMap.PathMatch.EXACT, template);
    }
    StringBuilder expression = new StringBuilder("^");
    String[] parts = template.split("\\{}", -1);
    for (int i = 0; i < parts.length; i++) {
      expression.append(i == 0 ? "" : "[^/]+").append(quoted(parts[i]));
    }
    return new ServiceMap.Api(
        method, expression.append('$').toString(), ServiceMap.PathMatch.REGEX, template);
  }

  /** Readable, unlike {@link Pattern#quote}, and the same to other engines. */
  private static String quoted(String text) {
    return text.replaceAll("[\\\\.\\[\\]{}()*+?^$|]", "\\\\$0");
  }

  ServiceMap map(Instant now) {
    Map<String, ServiceMap.Service> services = new TreeMap<>();
    apis.forEach((name, known) -> {
      if (services.size() < ServiceMap.MOST_SERVICES) {
        List<ServiceMap.Api> all = new ArrayList<>(known.values());
        services.put(name, new ServiceMap.Service(name, "", all, SOURCE));
      } else {
        errors.add("there are more than %d services".formatted(ServiceMap.MOST_SERVICES));
      }
    });
    List<ServiceMap.Link> topology =
        links.entrySet().stream()
            .filter(link -> services.keySet().containsAll(link.getKey()))
            .limit(ServiceMap.MOST_LINKS)
            .map(link ->
                new ServiceMap.Link(
                    link.getKey().getFirst(), link.getKey().getLast(), link.getValue()))
            .toList();
    Duration seen = last < first ? Duration.ZERO : Duration.ofSeconds((last - first) / NANOS);
    return new ServiceMap(
        now,
        services,
        topology,
        new ServiceMap.Metadata(Duration.ZERO, seen, false, List.copyOf(errors)));
  }
}
