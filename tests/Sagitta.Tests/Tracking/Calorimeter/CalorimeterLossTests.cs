namespace Sagitta.Tests.Tracking.Calorimeter;

/// <summary>Training, slices, curves and curvature look at one loss: each term with a factor of its own, against sums made here.</summary>
public sealed class CalorimeterLossTests
{
    private const double Share = 0.25;
    private static readonly LandscapeFrame _frame = new FrameStock(new() { Protons = 25 }, new(), new()).Take("train", 1)[0];

    private static readonly CalorimeterMethodOptions _whole = new()
    {
        Name = CalorimeterMethodKind.PredictAndTrack,
        Lambda = 25,
        CrossEntropyShare = 0.5,
        RangeWeight = 0.3,
    };

    [Theory]
    [InlineData(1, 1, 1, 1, 1)]
    [InlineData(256, 1, 1, 1, 1)]
    [InlineData(1, 3, 1, 1, 1)]
    [InlineData(1, 1, 5, 1, 1)]
    [InlineData(1, 1, 1, 7, 1)]
    [InlineData(1, 1, 1, 1, 11)]
    public void Trainer_and_analyses_have_one_loss(double crossEntropy, double hamming, double range, double tracker, double calorimeter)
    {
        SegmentLossTerms terms = new()
        {
            CrossEntropy = crossEntropy,
            Hamming = hamming,
            Range = range,
            TrackerSide = tracker,
            CalorimeterSide = calorimeter,
        };
        using CalorimeterModel model = new(new(), _whole, 0);
        model.Parameters.Initialise(RandomKey.FromSeed(1));
        Sums own = new(model);
        double entropy = crossEntropy * ((tracker * own.NearEntropy) + (calorimeter * own.FarEntropy));
        double distance = hamming * ((tracker * own.NearDistance) + (calorimeter * own.FarDistance));
        double composite = distance + (0.3 * range * own.Range) + (0.5 * entropy);

        Same(entropy, Trained(model, new(), terms));
        Same(composite, Trained(model, _whole, terms));
        using SegmentProbe probe = new(model.Network, [_frame], recomputed: true, 1, terms);
        double[] values = new double[4];
        probe.Measure(0, Doubles(model), values);
        Same(entropy, values[0]);
        Same(distance, values[1]);

        // Curvature is taken with running averages, as slices are when they hold them.
        using WorkerThreads threads = new(1);
        using SegmentScoreLoss score = new(model.Network, [_frame], threads, terms: terms);
        using SegmentProbe held = new(model.Network, [_frame], recomputed: false, 1, terms);
        held.Measure(0, Doubles(model), values);
        Same(values[0], score.Gradient(Doubles(model), new double[model.Parameters.Values.Length]));
    }

    private static void Same(double expected, double found) => Assert.Equal(expected, found, 1e-4 * Math.Abs(expected));

    private static double[] Doubles(CalorimeterModel model) => Array.ConvertAll(model.Parameters.Values.ToArray(), x => (double)x);

    // The trainer's loss; the curve's must have its value and its gradient bit by bit.
    private static double Trained(CalorimeterModel model, CalorimeterMethodOptions method, SegmentLossTerms terms)
    {
        using FrameTraining training = new(method, terms: terms);
        using ParameterVector<float> gradient = new(model.Network.Layout), curveGradient = new(model.Network.Layout);
        double loss = training.Step(model, _frame.Frame, gradient, model.Network.CreateMoments(), Share);
        using SegmentCurveLoss curve = new(model.Network, [_frame], method, 1, terms);
        Assert.Equal(loss, curve.AddGradient(0, 0, Share, model.Parameters, curveGradient));
        Assert.Equal(gradient.Values.ToArray(), curveGradient.Values.ToArray());
        Assert.Contains(gradient.Values.ToArray(), x => x != 0);
        return loss;
    }

    private sealed class Sums
    {
        public Sums(CalorimeterModel model)
        {
            SegmentGraph graph = _frame.Input.Graph;
            using Tape<float> tape = new(recording: false);
            tape.Bind(model.Parameters);
            float[] logits = model.Network.Forward(tape, _frame.Input, model.Network.CreateMoments()).Values.ToArray();
            int[] chosen = new int[graph.Hits];
            new SparseAssignment().Solve<double>(graph.Offsets, graph.Shallower, graph.Hits,
                Array.ConvertAll(logits, logit => 1 - (1 / (1 + Math.Exp(-logit)))), chosen);
            double near = 0, far = 0;
            for (int e = 0; e < graph.Count; e++)
            {
                double p = 1 / (1 + Math.Exp(-logits[e]));
                double entropy = -Math.Log(graph.Label[e] ? p : 1 - p);
                double wrong = (Array.IndexOf(chosen, e) >= 0) != graph.Label[e] ? 1 : 0;
                if (_frame.Frame.Layer[graph.Shallower[e]] <= 2)
                {
                    (near, NearEntropy, NearDistance) = (near + 1, NearEntropy + entropy, NearDistance + wrong);
                }
                else
                {
                    (far, FarEntropy, FarDistance) = (far + 1, FarEntropy + entropy, FarDistance + wrong);
                }
            }

            (NearEntropy, NearDistance, FarEntropy, FarDistance) =
                (NearEntropy / near, NearDistance / near, FarEntropy / far, FarDistance / far);
            Assert.True(NearDistance > 0 && FarDistance > 0);
            Range = RangeTerm(graph, chosen);
        }

        public double NearEntropy { get; }

        public double FarEntropy { get; }

        public double NearDistance { get; }

        public double FarDistance { get; }

        public double Range { get; }

        private static double RangeTerm(SegmentGraph graph, int[] chosen)
        {
            CalorimeterFrame frame = _frame.Frame;
            using TrackRanges ranges = new(CalorimeterGeometry.Load(TrackingCalorimeterFile.Shipped).Depths);
            Dictionary<long, double> truth = RangeLossProblem.TrueRanges(frame, ranges);
            List<SegmentTrack> tracks = [];
            List<double> wanted = [];
            for (int start = 0; start < frame.Count; start++)
            {
                if (frame.Layer[start] == 0 && frame.TruthPrimary[start] && truth.TryGetValue(frame.TruthEvent[start], out double range))
                {
                    List<int> hits = [start];
                    while (Enumerable.Range(0, frame.Count).FirstOrDefault(
                        hit => chosen[hit] >= 0 && graph.Shallower[chosen[hit]] == hits[^1], -1) is int next and >= 0)
                    {
                        hits.Add(next);
                    }

                    tracks.Add(new([.. hits]));
                    wanted.Add(range);
                }
            }

            RobustFunction function = new RobustFunction.Cauchy();
            double sum = ranges.Fit(frame, tracks).Zip(wanted, (fit, range) =>
                fit.Status == SolveStatus.Converged ? function.Value((fit.Range - range) / 4) : function.Maximum).Sum();
            Assert.True(sum > 0);
            return sum / tracks.Count;
        }
    }
}
