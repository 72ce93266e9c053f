package dev.belay.testkit;

/** The first line of a request. */
record RequestLine(String method, String target, String version) {

  static RequestLine of(Head head) throws MalformedMessage {
    String line = head.startLine();
    int first = line.indexOf(' ');
    int last = line.lastIndexOf(' ');
    if (first < 1 || last <= first + 1) {
      throw new MalformedMessage(400, "not a request line: " + line);
    }
    String version = line.substring(last + 1);
    if (!version.equals("HTTP/1.1") && !version.equals("HTTP/1.0")) {
      throw new MalformedMessage(505, "HTTP/1.1 only, was " + version);
    }
    return new RequestLine(line.substring(0, first), line.substring(first + 1, last), version);
  }
}
