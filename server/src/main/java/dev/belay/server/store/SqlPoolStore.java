package dev.belay.server.store;

import dev.belay.Endpoint.Traits;
import dev.belay.http.Credentials;
import dev.belay.http.ProxyAddress;
import dev.belay.proxy.PoolStore;
import dev.belay.proxy.UpstreamPool.Entry;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.PreparedBatch;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Changes of one instance's pool. A change goes to the end, also that of a proxy known before. */
final class SqlPoolStore implements PoolStore {
  private static final String SAVE =
      """
      insert into belay_pool_changes (instance, id, place, url, traits) values (?, ?, ?, ?, ?)
      on conflict (instance, id) do update set
        place = excluded.place, url = excluded.url, traits = excluded.traits
      """;

  private final Sql sql;
  private final JsonMapper json = new JsonMapper();

  SqlPoolStore(Sql sql) {
    this.sql = sql;
  }

  @Override
  public List<Change> changes() {
    String query =
        "select id, url, traits from belay_pool_changes where instance = ? order by place";
    return sql.read(handle ->
        handle
            .select(query, sql.instance())
            .<Change>map((row, context) ->
                change(row.getString("id"), row.getString("url"), row.getString("traits")))
            .list());
  }

  private Change change(String id, String url, String traits) {
    return url.isEmpty()
        ? new Removed(id)
        : new Added(new Entry(ProxyAddress.parse(url), traits(traits), expiresAt(traits)));
  }

  @Override
  public void save(List<? extends Change> changes) {
    sql.write(handle -> {
      long place = lastPlace(handle);
      try (PreparedBatch batch = handle.prepareBatch(SAVE)) {
        for (Change change : changes) {
          place++;
          switch (change) {
            case Added added ->
                batch.add(
                    sql.instance(),
                    added.id(),
                    place,
                    url(added.entry().address()),
                    traits(added.entry()));
            case Removed removed -> batch.add(sql.instance(), removed.id(), place, "", "");
          }
        }
        batch.execute();
      }
    });
  }

  private long lastPlace(Handle handle) {
    return handle
        .select(
            "select coalesce(max(place), 0) from belay_pool_changes where instance = ?",
            sql.instance())
        .mapTo(Long.class)
        .one();
  }

  @Override
  public void forget(Collection<String> ids) {
    sql.write(handle -> {
      try (PreparedBatch batch =
          handle.prepareBatch("delete from belay_pool_changes where instance = ? and id = ?")) {
        ids.forEach(id -> batch.add(sql.instance(), id));
        batch.execute();
      }
    });
  }

  /** The whole address, password included. */
  private static String url(ProxyAddress address) {
    String login = address.credentials().map(SqlPoolStore::login).orElse("");
    String host = address.host().indexOf(':') < 0 ? address.host() : "[" + address.host() + "]";
    return "%s://%s%s:%d".formatted(address.scheme().text(), login, host, address.port());
  }

  private static String login(Credentials credentials) {
    return encode(credentials.user()) + ":" + encode(credentials.password()) + "@";
  }

  private static String encode(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
  }

  private String traits(Entry entry) {
    Traits traits = entry.traits();
    ObjectNode node = json.createObjectNode();
    node.put("region", traits.region()).put("country", traits.country());
    ArrayNode tags = node.putArray("tags");
    traits.tags().stream().sorted().forEach(tags::add);
    node.put("weight", traits.weight()).put("cost", traits.cost());
    node.put("max_concurrent", traits.maxConcurrent());
    if (entry.expires()) {
      node.put("expires_at", entry.expiresAt().toString());
    }
    return node.toString();
  }

  private Instant expiresAt(String text) {
    String moment = json.readTree(text).path("expires_at").asString("");
    return moment.isEmpty() ? Entry.NEVER : Instant.parse(moment);
  }

  private Traits traits(String text) {
    JsonNode node = json.readTree(text);
    Set<String> tags = new HashSet<>();
    node.path("tags").forEach(tag -> tags.add(tag.asString()));
    return new Traits(
        node.path("region").asString(""),
        node.path("country").asString(""),
        tags,
        node.path("weight").asDouble(1),
        node.path("cost").asDouble(0),
        node.path("max_concurrent").asInt(Integer.MAX_VALUE));
  }
}
