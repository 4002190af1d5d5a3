import { statfs } from 'node:fs/promises';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import type { Counter, Histogram, Meter, UpDownCounter } from '@opentelemetry/api';
import { PrometheusExporter, PrometheusSerializer } from '@opentelemetry/exporter-prometheus';
import { MeterProvider } from '@opentelemetry/sdk-metrics';

/** What the server counts and measures of itself. */
export interface Metrics {
  readonly meter: Meter;
  readonly requestDuration: Histogram;
  readonly requestsInFlight: UpDownCounter;
  readonly bytesStored: Counter;
  readonly instancesStored: Counter;
  /** Errors that were answered, by their code: among them all refused credentials and requests from other sites. */
  readonly problems: Counter;
  /** Reports numbers that are looked up when someone asks, each with its labels. */
  gauge(name: string, description: string, read: () => Promise<readonly Reading[]> | readonly Reading[]): void;
  /** In the text format of Prometheus. */
  render(): Promise<string>;
  close(): Promise<void>;
}

export interface Reading {
  readonly value: number;
  readonly labels?: Readonly<Record<string, string>>;
}

/** Seconds; from a cached frame to the upload of a large study. */
const DURATION_BUCKETS = [0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 120, 600];

export function createMetrics(): Metrics {
  const exporter = new PrometheusExporter({ preventServerStart: true });
  const provider = new MeterProvider({ readers: [exporter] });
  const meter = provider.getMeter('isocenter');
  const serializer = new PrometheusSerializer(undefined, false, undefined, true, true);
  return {
    meter,
    requestDuration: meter.createHistogram('isocenter_http_request_duration_seconds', {
      description: 'Time from a request to the end of its answer, by route',
      advice: { explicitBucketBoundaries: DURATION_BUCKETS },
    }),
    requestsInFlight: meter.createUpDownCounter('isocenter_http_requests_in_flight', {
      description: 'Requests that are being answered',
    }),
    bytesStored: meter.createCounter('isocenter_stored_bytes_total', {
      description: 'Bytes of instances that were acknowledged as stored',
    }),
    instancesStored: meter.createCounter('isocenter_stored_instances_total', {
      description: 'Instances that were acknowledged as stored',
    }),
    problems: meter.createCounter('isocenter_problems_total', {
      description: 'Errors that were answered, by code',
    }),
    gauge(name, description, read) {
      meter.createObservableGauge(name, { description }).addCallback(async (result) => {
        for (const { value, labels = {} } of await read()) result.observe(value, labels);
      });
    },
    async render() {
      const { resourceMetrics } = await exporter.collect();
      return serializer.serialize(resourceMetrics);
    },
    close: () => provider.shutdown(),
  };
}

const LOOP_RESOLUTION_MS = 20;

/** Event loop, memory and disk of this process. Answers how to end the measuring. */
export function measureProcess(metrics: Metrics, dataDir: string): () => void {
  const delay = monitorEventLoopDelay({ resolution: LOOP_RESOLUTION_MS });
  delay.enable();
  metrics.gauge('isocenter_event_loop_delay_seconds', 'Delay of the event loop since the last scrape', () => {
    const readings = [50, 99].map((percentile) => ({
      // It measures from one tick of its timer to the next.
      value: Math.max(0, delay.percentile(percentile) / 1e9 - LOOP_RESOLUTION_MS / 1000),
      labels: { quantile: String(percentile / 100) },
    }));
    delay.reset();
    return readings;
  });
  metrics.gauge('isocenter_process_memory_bytes', 'Memory of this process', () => {
    const { rss, heapUsed, external, arrayBuffers } = process.memoryUsage();
    return Object.entries({ rss, heapUsed, external, arrayBuffers }).map(([kind, value]) => ({
      value,
      labels: { kind },
    }));
  });
  metrics.gauge('isocenter_process_uptime_seconds', 'How long this process runs', () => [{ value: process.uptime() }]);
  metrics.gauge('isocenter_disk_bytes', 'The disk of the data folder', async () => {
    const { freeBytes, totalBytes } = await diskOf(dataDir);
    return [
      { value: freeBytes, labels: { kind: 'free' } },
      { value: totalBytes, labels: { kind: 'total' } },
    ];
  });
  return () => delay.disable();
}

/** Free as an ordinary user may use it. */
export async function diskOf(dir: string): Promise<{ freeBytes: number; totalBytes: number }> {
  const { bavail, blocks, bsize } = await statfs(dir);
  return { freeBytes: bavail * bsize, totalBytes: blocks * bsize };
}
