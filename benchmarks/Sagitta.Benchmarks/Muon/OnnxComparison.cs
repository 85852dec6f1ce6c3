using System.Diagnostics;
using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;

namespace Sagitta.Benchmarks.Muon;

/// <summary>The muon network, event by event on one thread, in the program's engine and in ONNX Runtime: the same graphs, made beforehand,
/// and scores that agree.</summary>
internal static class OnnxComparison
{
    private const int Events = 1000;
    private const int Rounds = 9;
    private const double LargestDifference = 1e-5;

    /// <summary>Times both, and says how many times as long ONNX Runtime takes.</summary>
    public static string Run()
    {
        MuonModel model = MuonModelFile.Read(ShippedFile.Find(MuonModelFile.Shipped[0]));
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
            MuonMemory[] memories = [.. Enumerable.Range(0, Events).Select(e => Built(chain, events, e))];
            NamedOnnxValue[][] inputs = [.. memories.Select(memory => Inputs(memory.Graph))];
            double own = double.PositiveInfinity, other = double.PositiveInfinity, difference = 0;
            for (int round = 0; round < Rounds; round++)
            {
                long start = Stopwatch.GetTimestamp();
                foreach (MuonMemory memory in memories)
                {
                    _ = memory.Score(chain.Scorer, model.Parameters);
                }

                own = Math.Min(own, Stopwatch.GetElapsedTime(start).TotalMicroseconds / Events);
                start = Stopwatch.GetTimestamp();
                foreach (NamedOnnxValue[] input in inputs)
                {
                    session.Run(input).Dispose();
                }

                other = Math.Min(other, Stopwatch.GetElapsedTime(start).TotalMicroseconds / Events);
            }

            for (int e = 0; e < Events; e++)
            {
                using IDisposableReadOnlyCollection<DisposableNamedOnnxValue> outputs = session.Run(inputs[e]);
                HitLogits<float> expected = memories[e].Score(chain.Scorer, model.Parameters);
                difference = Math.Max(difference, Math.Max(Difference(expected.Score.Values, outputs[0].AsEnumerable<float>()),
                    Difference(expected.Weight.Values, outputs[1].AsEnumerable<float>())));
            }

            memories.DisposeAll();
            return difference <= LargestDifference ? string.Create(CultureInfo.InvariantCulture,
                $"muon network on {Events} events of {events.HitCount / (double)Events:F0} hits, one thread, fastest of {Rounds} rounds: "
                + $"Sagitta {own:F0} us, ONNX Runtime {typeof(InferenceSession).Assembly.GetName().Version?.ToString(3)} {other:F0} us an "
                + $"event, factor {other / own:F2}; scores differ by {difference:e1} at most")
                : throw new InvalidOperationException($"Scores differ by {difference}, more than {LargestDifference}.");
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static MuonMemory Built(MuonChain chain, EventSet events, int e)
    {
        MuonMemory memory = new();
        chain.Graphs.Build(events.Hits, [e], memory.Graph);
        return memory;
    }

    private static NamedOnnxValue[] Inputs(HitGraph graph)
    {
        NamedOnnxValue Rows(string name, ReadOnlySpan<float> values, int columns) =>
            NamedOnnxValue.CreateFromTensor(name, new DenseTensor<float>(values.ToArray(), [values.Length / columns, columns]));
        NamedOnnxValue Indices(string name, ReadOnlySpan<int> values)
        {
            long[] wide = new long[values.Length];
            for (int i = 0; i < wide.Length; i++)
            {
                wide[i] = values[i];
            }

            return NamedOnnxValue.CreateFromTensor(name, new DenseTensor<long>(wide, [wide.Length]));
        }

        return
        [
            Rows("hits", graph.HitFeatures, HitGraph.HitFeatureCount), Rows("edges", graph.EdgeFeatures, HitGraph.EdgeFeatureCount),
            Indices("sources", graph.Adjacency.Sources), Indices("targets", graph.Adjacency.Targets),
        ];
    }

    private static double Difference(ReadOnlySpan<float> own, IEnumerable<float> other)
    {
        double largest = 0;
        int i = 0;
        foreach (float value in other)
        {
            largest = Math.Max(largest, Math.Abs(SoftClustering.Sigmoid(own[i++]) - SoftClustering.Sigmoid(value)));
        }

        return largest;
    }
}
