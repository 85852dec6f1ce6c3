using System.Diagnostics;
using Microsoft.ML.OnnxRuntime;

namespace Sagitta.Benchmarks.Muon;

/// <summary>
/// The muon network on one thread in the program's engine and in ONNX Runtime: the same graphs, made beforehand, logits that agree, and
/// rounds over all events in turns once both have settled. Each runs as its users run it: the engine with one tape for all events, as
/// reconstruction does, ONNX Runtime with values bound to its inputs beforehand and its memory arena.
/// </summary>
internal static class OnnxComparison
{
    /// <summary>ONNX Runtime must take at least so many times as long, event by event, or the comparison fails.</summary>
    public const double LeastFactor = 20;

    private const int Events = 960;
    private const int Rounds = 5;
    private const double LargestDifference = 1e-4;
    private static readonly string[] _inputs = ["hits", "edges", "sources", "targets"];
    private static readonly string[] _outputs = ["logits", "weight_logits"];

    /// <summary>Times both, one event at a time and sixteen, writes a line of each, and says whether logits agree and the factor of single
    /// events is reached.</summary>
    public static bool Run(TextWriter output)
    {
        MuonModel model = MuonModelFile.Read(MuonModelFile.Shipped(null)[0]);
        using WorkerThreads threads = new(1);
        EventSet events = MuonSamples.Test(
            model.Experiment with { Data = model.Experiment.Data with { Test = Events } }, model.Detector, 5, threads);
        MuonChain chain = new(model.Experiment.Reconstruction, model.Detector);
        string folder = Directory.CreateTempSubdirectory("sagitta-onnx").FullName;
        try
        {
            string file = Path.Combine(folder, "network.onnx");
            MuonOnnx.WriteNetwork(file, model);
            using SessionOptions options = new() { IntraOpNumThreads = 1, InterOpNumThreads = 1 };
            using InferenceSession session = new(file, options);
            output.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"muon network, {Events} events of {events.HitCount / (double)Events:F0} hits, one thread, medians of {Rounds} rounds; "
                + $"ONNX Runtime {typeof(InferenceSession).Assembly.GetName().Version?.ToString(3)}"));
            Comparison single = Compare(chain, model, events, session, 1);
            Comparison packed = Compare(chain, model, events, session, 16);
            output.WriteLine(single);
            output.WriteLine(packed);
            bool agree = Math.Max(single.Difference, packed.Difference) <= LargestDifference;
            bool reached = single.Factor >= LeastFactor;
            output.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"logits {(agree ? "agree" : "DISAGREE")} within {LargestDifference:e0}; factor of single events "
                + $"{(reached ? "reaches" : "DOES NOT REACH")} {LeastFactor:F0}"));
            return agree && reached;
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static Comparison Compare(MuonChain chain, MuonModel model, EventSet events, InferenceSession session, int eventsAtOnce)
    {
        HitGraph[] graphs = [.. Enumerable.Range(0, Events).Chunk(eventsAtOnce).Select(group => Built(chain, events, group))];
        OrtValue[][] inputs = [.. graphs.Select(Inputs)];
        using RunOptions run = new();
        using Tape<float> tape = new(recording: false);
        HitLogits<float> Score(HitGraph graph)
        {
            tape.Reset();
            tape.Bind(model.Parameters);
            return chain.Scorer.Forward(tape, graph);
        }

        void Own()
        {
            foreach (HitGraph graph in graphs)
            {
                _ = Score(graph);
            }
        }

        void Other()
        {
            foreach (OrtValue[] values in inputs)
            {
                session.Run(run, _inputs, values, _outputs).Dispose();
            }
        }

        // Tiered compilation counts calls, and compiles a tenth of a second later, in up to three steps.
        for (int step = 0; step < 3; step++)
        {
            Own();
            Thread.Sleep(150);
        }

        Other();
        List<double> own = [], other = [], factors = [];
        for (int round = 0; round < Rounds; round++)
        {
            own.Add(Clock(Own));
            other.Add(Clock(Other));
            factors.Add(other[^1] / own[^1]);
        }

        double difference = 0;
        for (int g = 0; g < graphs.Length; g++)
        {
            using IDisposableReadOnlyCollection<OrtValue> outputs = session.Run(run, _inputs, inputs[g], _outputs);
            HitLogits<float> expected = Score(graphs[g]);
            difference = Math.Max(difference, Math.Max(Difference(expected.Score.Values, outputs[0].GetTensorDataAsSpan<float>()),
                Difference(expected.Weight.Values, outputs[1].GetTensorDataAsSpan<float>())));
        }

        inputs.SelectMany(values => values).DisposeAll();
        return new(eventsAtOnce, Median(own), Median(other), Median(factors), difference);
    }

    private static HitGraph Built(MuonChain chain, EventSet events, int[] group)
    {
        HitGraph graph = new();
        chain.Graphs.Build(events.Hits, group, graph);
        return graph;
    }

    private static OrtValue[] Inputs(HitGraph graph)
    {
        OrtValue Rows(ReadOnlySpan<float> values, int columns) =>
            OrtValue.CreateTensorValueFromMemory(values.ToArray(), [values.Length / columns, columns]);
        OrtValue Indices(ReadOnlySpan<int> values)
        {
            long[] wide = new long[values.Length];
            for (int i = 0; i < wide.Length; i++)
            {
                wide[i] = values[i];
            }

            return OrtValue.CreateTensorValueFromMemory(wide, [wide.Length]);
        }

        return [Rows(graph.HitFeatures, HitGraph.HitFeatureCount), Rows(graph.EdgeFeatures, HitGraph.EdgeFeatureCount),
            Indices(graph.Adjacency.Sources), Indices(graph.Adjacency.Targets)];
    }

    // NaN on one side alone, or another length, is no agreement.
    private static double Difference(ReadOnlySpan<float> own, ReadOnlySpan<float> other)
    {
        double largest = own.Length == other.Length ? 0 : double.PositiveInfinity;
        for (int i = 0; i < Math.Min(own.Length, other.Length); i++)
        {
            double difference = Math.Abs(own[i] - other[i]);
            largest = double.IsNaN(difference) ? double.PositiveInfinity : Math.Max(largest, difference);
        }

        return largest;
    }

    private static double Clock(Action action)
    {
        long start = Stopwatch.GetTimestamp();
        action();
        return Stopwatch.GetElapsedTime(start).TotalMicroseconds / Events;
    }

    private static double Median(List<double> values) => values.Order().ElementAt(values.Count / 2);

    private sealed record Comparison(int EventsAtOnce, double Own, double Other, double Factor, double Difference)
    {
        public override string ToString() => string.Create(CultureInfo.InvariantCulture,
            $"{EventsAtOnce,2} at once: Sagitta {Own:F1} us, ONNX Runtime {Other:F0} us an event, factor {Factor:F1}; logits differ by "
            + $"{Difference:e1} at most");
    }
}
