package dev.belay.server.remote;

import dev.belay.Endpoint.Traits;
import dev.belay.http.Credentials;
import dev.belay.http.ProxyAddress;
import dev.belay.proxy.UpstreamPool.Entry;
import java.util.List;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** Proxies as the server wants them, with their passwords: to be sent, and never to be shown. */
public final class ProxyItems {
  private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

  private ProxyItems() {}

  /** What adds one. */
  public static ObjectNode one(Entry entry) {
    Traits traits = entry.traits();
    ObjectNode item = NODES.objectNode().put("url", url(entry.address()));
    if (!traits.region().isEmpty()) {
      item.put("region", traits.region());
    }
    if (!traits.country().isEmpty()) {
      item.put("country", traits.country());
    }
    if (!traits.tags().isEmpty()) {
      ArrayNode tags = item.putArray("tags");
      traits.tags().stream().sorted().forEach(tags::add);
    }
    if (traits.weight() != Traits.NONE.weight()) {
      item.put("weight", traits.weight());
    }
    if (traits.cost() != Traits.NONE.cost()) {
      item.put("cost", traits.cost());
    }
    if (traits.maxConcurrent() != Traits.NONE.maxConcurrent()) {
      item.put("max_concurrent", traits.maxConcurrent());
    }
    if (entry.expires()) {
      item.put("expires_at", entry.expiresAt().toString());
    }
    return item;
  }

  /** What adds many. */
  public static ObjectNode many(List<Entry> entries) {
    ObjectNode body = NODES.objectNode();
    ArrayNode items = body.putArray("proxies");
    entries.forEach(entry -> items.add(one(entry)));
    return body;
  }

  private static String url(ProxyAddress address) {
    String host = address.host().indexOf(':') < 0 ? address.host() : "[" + address.host() + "]";
    return "%s://%s%s:%d"
        .formatted(
            address.scheme().text(),
            address.credentials().map(ProxyItems::login).orElse(""),
            host,
            address.port());
  }

  private static String login(Credentials login) {
    return Control.encode(login.user()) + ":" + Control.encode(login.password()) + "@";
  }
}
