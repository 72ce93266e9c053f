package dev.belay.server.config;

import dev.belay.http.ProxyAddress.Scheme;
import dev.belay.proxy.source.ListRules;
import dev.belay.proxy.source.SourceSettings;
import dev.belay.proxy.source.SourceSettings.Refresh;
import dev.belay.settings.Place;
import dev.belay.settings.Range;
import dev.belay.settings.Section;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/** Reads {@code proxy.sources}. */
final class SourceReader {
  private static final List<String> SCHEMES =
      Arrays.stream(Scheme.values()).map(Scheme::text).toList();
  private static final List<String> OF_PAGES = List.of("interval", "timeout", "through_pool");
  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9._-]{1,64}");
  private static final Pattern FILE = Pattern.compile("[^\\x00-\\x1f]{1,1024}");
  private static final Pattern URL = Pattern.compile("(?i)https?://[^\\s]+");
  private static final Range<Duration> INTERVAL =
      Range.of(Duration.ofSeconds(1), Duration.ofDays(7));
  private static final Range<Duration> TO_AN_HOUR = Range.above(Duration.ZERO, Duration.ofHours(1));

  private final Map<String, Integer> lines = new HashMap<>();

  private SourceReader() {}

  /** The sources, without those that are not right. */
  static List<SourceSettings> read(Section section) {
    SourceReader reader = new SourceReader();
    return section.list(
        "sources", "mappings with a name and a file or url", reader::source, List.of());
  }

  private Optional<SourceSettings> source(Place place) {
    return place.section().flatMap(section -> source(section, place));
  }

  private Optional<SourceSettings> source(Section section, Place place) {
    Optional<String> name = section.place("name").flatMap(this::name);
    Optional<Path> file =
        section.place("file").flatMap(at -> at.text(FILE, "a path")).map(Path::of);
    Optional<URI> url = section.place("url").flatMap(SourceReader::url);
    Refresh refresh = refresh(section);
    ListRules rules = rules(section, !section.has("url"));
    section.close();
    if (!section.has("name")) {
      place.wrong("needs a name");
    }
    if (section.has("file") == section.has("url")) {
      place.wrong("needs either a file or a url");
      return Optional.empty();
    }
    if (section.has("file")) {
      OF_PAGES.stream()
          .filter(section::has)
          .forEach(key -> section.wrong(key, "is for a url only; a file is watched"));
    }
    return name.flatMap(known ->
        url.<SourceSettings>map(at -> new SourceSettings.OfUrl(known, at, refresh, rules))
            .or(() -> file.map(at -> new SourceSettings.OfFile(known, at, rules))));
  }

  private Optional<String> name(Place place) {
    Optional<String> name =
        place.text(NAME, "1 to 64 letters, digits, dots, underscores or hyphens");
    if (name.isEmpty()) {
      return name;
    }
    Integer first = lines.putIfAbsent(name.get(), place.node().line());
    if (first != null) {
      place.wrong("is the name of another source in line %d".formatted(first));
      return Optional.empty();
    }
    return name;
  }

  private static Optional<URI> url(Place place) {
    Optional<String> text = place.secret(URL, "an http:// or https:// URL");
    Optional<URI> url = text.flatMap(SourceReader::parsed);
    if (text.isPresent() && url.isEmpty()) {
      place.wrong("is no URL with a host");
    }
    return url;
  }

  private static Optional<URI> parsed(String text) {
    try {
      return Optional.of(new URI(text)).filter(url -> url.getHost() != null);
    } catch (URISyntaxException notOne) {
      return Optional.empty(); // its message would show the URL
    }
  }

  private static Refresh refresh(Section section) {
    Refresh from = Refresh.DEFAULT;
    return new Refresh(
        section.length("interval", INTERVAL, from.interval()),
        section.length("timeout", TO_AN_HOUR, from.timeout()),
        section.yesNo("through_pool", from.throughPool()));
  }

  /** A file is the user's own word; a page may say anything. */
  private static ListRules rules(Section section, boolean isOwn) {
    ListRules from = ListRules.DEFAULT;
    String scheme = section.oneOf("scheme", SCHEMES, from.scheme().text());
    return new ListRules(
        Scheme.valueOf(scheme.toUpperCase(Locale.ROOT)),
        PoolReader.traits(section),
        section.yesNo("allow_private", isOwn));
  }
}
