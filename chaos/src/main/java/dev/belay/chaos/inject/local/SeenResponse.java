package dev.belay.chaos.inject.local;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpHeaders;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.Optional;
import javax.net.ssl.SSLSession;

/** An answer with another status and other headers. */
record SeenResponse<T>(HttpResponse<T> inner, int statusCode, HttpHeaders headers)
    implements HttpResponse<T> {
  @Override
  public HttpRequest request() {
    return inner.request();
  }

  @Override
  public Optional<HttpResponse<T>> previousResponse() {
    return inner.previousResponse();
  }

  @Override
  public T body() {
    return inner.body();
  }

  @Override
  public Optional<SSLSession> sslSession() {
    return inner.sslSession();
  }

  @Override
  public URI uri() {
    return inner.uri();
  }

  @Override
  public HttpClient.Version version() {
    return inner.version();
  }
}
