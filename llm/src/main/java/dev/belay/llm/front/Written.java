package dev.belay.llm.front;

import dev.belay.llm.json.Json;
import java.util.LinkedHashMap;
import java.util.Map;

/** Puts JSON objects together, member by member. */
final class Written {
  private final Map<String, Json> members = new LinkedHashMap<>();

  static Written object() {
    return new Written();
  }

  Written put(String name, Json value) {
    members.put(name, value);
    return this;
  }

  Written put(String name, String value) {
    return put(name, Json.of(value));
  }

  Written put(String name, long value) {
    return put(name, Json.of(value));
  }

  Written put(String name, boolean value) {
    return put(name, Json.of(value));
  }

  Written putNull(String name) {
    return put(name, new Json.Null());
  }

  Json.Obj done() {
    return new Json.Obj(members);
  }

  /** As an event of a stream. */
  String event() {
    return "data: " + done() + "\n\n";
  }

  /** As an event of a stream that has a name. */
  String event(String name) {
    return "event: " + name + "\ndata: " + done() + "\n\n";
  }
}
