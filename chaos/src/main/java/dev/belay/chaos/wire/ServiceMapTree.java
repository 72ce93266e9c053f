package dev.belay.chaos.wire;

import dev.belay.chaos.trace.ServiceMap;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Maps of services in the shape in which discovery tools publish them. */
public final class ServiceMapTree {
  private static final int MOST_APIS = 1_000;
  private static final int LONGEST_NAME = 256;
  private static final Pattern PART = Pattern.compile("(\\d{1,9})(h|m|s)");
  private static final Pattern LENGTH = Pattern.compile("(\\d{1,9}[hms])+");

  private ServiceMapTree() {}

  /** A map as a tree of maps, lists and values. */
  public static Map<String, Object> write(ServiceMap map) {
    Map<String, Object> tree = new LinkedHashMap<>();
    tree.put("timestamp", map.timestamp().toString());
    Map<String, Object> services = new LinkedHashMap<>();
    map.services().forEach((name, service) -> services.put(name, write(service)));
    tree.put("services", services);
    tree.put("topology", map.topology().stream().map(ServiceMapTree::write).toList());
    Map<String, Object> metadata = new LinkedHashMap<>();
    metadata.put("discovery_interval", length(map.metadata().every()));
    metadata.put("jaeger_lookback", length(map.metadata().lookback()));
    metadata.put("stale", map.metadata().stale());
    metadata.put("errors", map.metadata().errors());
    tree.put("metadata", metadata);
    return tree;
  }

  private static Map<String, Object> write(ServiceMap.Service service) {
    Map<String, Object> tree = new LinkedHashMap<>();
    tree.put("name", service.name());
    tree.put("namespace", service.namespace());
    tree.put("apis", service.apis().stream().map(ServiceMapTree::write).toList());
    tree.put("source", service.source());
    return tree;
  }

  private static Map<String, Object> write(ServiceMap.Api api) {
    Map<String, Object> tree = new LinkedHashMap<>();
    tree.put("method", api.method());
    tree.put("path", api.path());
    tree.put("match_type", api.match().name().toLowerCase(Locale.ROOT));
    tree.put("template", api.template());
    return tree;
  }

  private static Map<String, Object> write(ServiceMap.Link link) {
    Map<String, Object> tree = new LinkedHashMap<>();
    tree.put("source", link.source());
    tree.put("target", link.target());
    tree.put("call_count", link.calls());
    return tree;
  }

  /** Such as {@code 5m0s}, as those tools write it. */
  private static String length(Duration length) {
    long minutes = length.toMinutes();
    return minutes == 0
        ? length.toSecondsPart() + "s"
        : "%dm%ds".formatted(minutes, length.toSecondsPart());
  }

  /**
   * Reads a map. Services that are called and have no entry of their own are taken as they are.
   *
   * @param now when it was made, if it does not say
   * @throws WireException if it is none
   */
  public static ServiceMap read(Tree tree, Instant now) {
    Instant timestamp = tree.maybeMoment("timestamp").orElse(now);
    List<ServiceMap.Link> topology = new ArrayList<>();
    for (Tree link : tree.trees("topology")) {
      topology.add(
          new ServiceMap.Link(
              name(link, "source"),
              name(link, "target"),
              link.maybeWhole("call_count", 0, Long.MAX_VALUE).orElse(0)));
      link.close();
    }
    Map<String, ServiceMap.Service> services = services(tree);
    for (ServiceMap.Link link : topology) {
      for (String name : List.of(link.source(), link.target())) {
        services.putIfAbsent(name, new ServiceMap.Service(name, "", List.of(), "topology"));
      }
    }
    ServiceMap.Metadata metadata =
        tree.maybeTree("metadata")
            .map(ServiceMapTree::metadata)
            .orElseGet(
                () -> new ServiceMap.Metadata(Duration.ZERO, Duration.ZERO, false, List.of()));
    tree.close();
    return tree.build(() -> new ServiceMap(timestamp, services, topology, metadata));
  }

  private static Map<String, ServiceMap.Service> services(Tree tree) {
    Map<String, ServiceMap.Service> services = new LinkedHashMap<>();
    tree.maybeTree("services")
        .ifPresent(all -> {
          for (String name : all.keys()) {
            if (name.isBlank() || name.length() > LONGEST_NAME) {
              throw tree.wrong("services", "named with 1 to %d characters".formatted(LONGEST_NAME));
            }
            Tree service = all.tree(name);
            if (!service.maybeText("name").orElse(name).equals(name)) {
              throw service.wrong("name", "the name it stands under, " + name);
            }
            List<Tree> apis = service.trees("apis");
            if (apis.size() > MOST_APIS) {
              throw service.wrong("apis", "at most %d".formatted(MOST_APIS));
            }
            services.put(
                name,
                new ServiceMap.Service(
                    name,
                    service.maybeText("namespace").orElse(""),
                    apis.stream().map(ServiceMapTree::api).toList(),
                    service.maybeText("source").orElse("")));
            service.close();
          }
        });
    return services;
  }

  private static ServiceMap.Api api(Tree tree) {
    String path = tree.text("path");
    String word = tree.maybeText("match_type").orElse("exact");
    ServiceMap.PathMatch match =
        switch (word) {
          case "exact" -> ServiceMap.PathMatch.EXACT;
          case "prefix" -> ServiceMap.PathMatch.PREFIX;
          case "regex" -> ServiceMap.PathMatch.REGEX;
          default -> throw tree.wrong("match_type", "one of exact, prefix, regex");
        };
    ServiceMap.Api api =
        new ServiceMap.Api(
            tree.maybeText("method").orElse("").toUpperCase(Locale.ROOT),
            path,
            match,
            tree.maybeText("template").orElse(path));
    tree.close();
    return api;
  }

  private static ServiceMap.Metadata metadata(Tree tree) {
    ServiceMap.Metadata metadata =
        new ServiceMap.Metadata(
            length(tree, "discovery_interval"),
            length(tree, "jaeger_lookback"),
            tree.yesNo("stale", false),
            tree.texts("errors"));
    tree.close();
    return metadata;
  }

  private static Duration length(Tree tree, String key) {
    String text = tree.maybeText(key).orElse("0s");
    if (!LENGTH.matcher(text).matches()) {
      throw tree.wrong(key, "a length such as 5m or 1h0m0s");
    }
    Duration length = Duration.ZERO;
    Matcher parts = PART.matcher(text);
    while (parts.find()) {
      long number = Long.parseLong(parts.group(1));
      length =
          length.plus(
              switch (parts.group(2)) {
                case "h" -> Duration.ofHours(number);
                case "m" -> Duration.ofMinutes(number);
                default -> Duration.ofSeconds(number);
              });
    }
    return length;
  }

  private static String name(Tree tree, String key) {
    String name = tree.text(key);
    if (name.isBlank() || name.length() > LONGEST_NAME) {
      throw tree.wrong(key, "a name of 1 to %d characters".formatted(LONGEST_NAME));
    }
    return name;
  }
}
