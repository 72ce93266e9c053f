package dev.belay.proxy.source;

import dev.belay.http.ProxyAddress;
import dev.belay.proxy.PrivateNetworks;
import dev.belay.proxy.UpstreamPool.Entry;
import dev.belay.proxy.source.ProxyList.Refused;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Collects what a list holds, line by line. For one thread. */
final class Harvest {
  private static final int MOST_TOLD = 100;

  private final ListRules rules;
  private final Map<String, Entry> entries = new LinkedHashMap<>();
  private final List<Refused> refused = new ArrayList<>();
  private int refusedCount;
  private int duplicates;
  private int lines;

  Harvest(ListRules rules) {
    this.rules = rules;
  }

  /** Counts a line or an item. */
  void count() {
    if (++lines > ProxyList.MOST_LINES) {
      throw new ListRefused("the list has more than %d lines".formatted(ProxyList.MOST_LINES));
    }
  }

  /** Takes a proxy in one of the forms of a line of text. */
  void take(String place, String text) {
    try {
      add(place, new Entry(AddressForms.parse(text, rules.scheme()), rules.traits()));
    } catch (IllegalArgumentException wrong) {
      refuse(place, String.valueOf(wrong.getMessage()));
    }
  }

  /** Takes a proxy whose parts have names. */
  void take(String place, Fields fields) {
    try {
      ProxyAddress address = fields.address(rules.scheme());
      add(place, new Entry(address, fields.traits(rules.traits()), fields.expiresAt()));
    } catch (IllegalArgumentException wrong) {
      refuse(place, String.valueOf(wrong.getMessage()));
    }
  }

  private void add(String place, Entry entry) {
    if (!rules.allowPrivate() && PrivateNetworks.contain(entry.address().host())) {
      refuse(place, "is on this machine or in a private network, which allow_private would allow");
    } else if (entries.putIfAbsent(entry.address().id(), entry) != null) {
      duplicates++;
    }
  }

  /** Leaves something out; the reason must quote nothing of it. */
  void refuse(String place, String reason) {
    refusedCount++;
    if (refused.size() < MOST_TOLD) {
      refused.add(new Refused(place, reason));
    }
  }

  ProxyList list(ListFormat format) {
    return new ProxyList(format, List.copyOf(entries.values()), duplicates, refusedCount, refused);
  }
}
