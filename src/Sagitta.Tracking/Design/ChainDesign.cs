namespace Sagitta.Tracking.Design;

/// <summary>
/// Places of a detector's planes along z where a trained chain measures momenta best: the mean over momenta of the logarithm of the width
/// of x = (q/pT - truth) / limit, of simulated events of one seed. The limit is that of the detector as it was given, so that the width
/// falls where momenta are measured better.
/// </summary>
/// <remarks>
/// The width is the scale S at which the mean of exp(-x^2 / 2 S^2) is 1/sqrt 2, as it is of a normal distribution of that standard
/// deviation: smooth, and like the core (half of the 16-84 % span) blind to how far away the tails are; a failed fit counts as infinitely
/// far. Its gradient is that of the chain's own fits, whose planes and material move; measurements keep their errors and move along the
/// true trajectory, whose kink at a plane moves with it. The choice of hits is made anew wherever the planes are, and has no gradient.
/// </remarks>
internal sealed class ChainDesign : DesignProblem
{
    private static readonly double _normal = 1 / Math.Sqrt(2);
    private readonly PlaneDesign _places;
    private readonly MuonModel _model;
    private readonly IReadOnlyList<double> _momenta;
    private readonly DigitisationOptions _digitisation;
    private readonly ulong _seed;
    private readonly int _events;
    private readonly WorkerThreads _threads;
    private readonly ResolutionLimit _limit;

    /// <param name="detector">The detector; stations and planes as those of the model.</param>
    /// <param name="momenta">pT, GeV.</param>
    /// <param name="model">The trained chain.</param>
    /// <param name="digitisation">Background; or crossings with a Gaussian error, which need no choice of hits.</param>
    /// <param name="seed">Of the simulated events.</param>
    /// <param name="events">How many, for each momentum.</param>
    /// <param name="threads">Threads; nothing depends on their number.</param>
    public ChainDesign(Detector detector, IReadOnlyList<double> momenta, MuonModel model, DigitisationOptions digitisation, ulong seed,
        int events, WorkerThreads threads)
    {
        (_places, _momenta, _model, _digitisation) = (new(detector, momenta), momenta, model, digitisation);
        (_seed, _events, _threads, _limit) = (seed, events, threads, new(detector, detector.NominalResolution));
    }

    /// <inheritdoc />
    public override int Count => _places.Count;

    /// <inheritdoc />
    public override double Resolution => 1;

    /// <inheritdoc />
    public override double FirstStep => 100;

    /// <inheritdoc />
    public override void Project(Span<double> values) => _places.Project(values);

    /// <summary>The detector with its planes there.</summary>
    public Detector At(ReadOnlySpan<double> values)
    {
        double[] z = values.ToArray();
        return _places.Detector with { Planes = [.. _places.Detector.Planes.Select((plane, i) => plane with { Z = z[i] })] };
    }

    /// <inheritdoc />
    public override double Evaluate(ReadOnlySpan<double> values, Span<double> gradient)
    {
        double[] toZ = new double[gradient.IsEmpty ? 0 : _events * Count];
        double sum = 0;
        gradient.Clear();
        for (int m = 0; m < _momenta.Count; m++)
        {
            double[] residuals = Residuals(At(values), m, toZ);
            double width = Width(residuals);
            sum += Math.Log(width) / _momenta.Count;
            double[] weights = [.. residuals.Select(r => double.IsFinite(r) ? r * Math.Exp(-r * r / (2 * width * width)) : 0)];
            double all = weights.Zip(residuals, (w, r) => w == 0 ? 0 : w * r).Sum() * _momenta.Count;
            for (int k = 0; k < toZ.Length; k++)
            {
                gradient[k % Count] += weights[k / Count] * toZ[k] / all;
            }
        }

        return sum;
    }

    /// <summary>For each momentum the core of the same residuals (<see cref="ResidualSample.CoreWidth"/>) and the width.</summary>
    public IReadOnlyList<(double Core, double Width)> Cores(ReadOnlySpan<double> values)
    {
        Detector detector = At(values);
        return [.. Enumerable.Range(0, _momenta.Count).Select(m =>
            Residuals(detector, m, []) is var residuals ? (new ResidualSample(residuals).CoreWidth, Width(residuals)) : default)];
    }

    /// <summary>The width of residuals; those that are not finite are infinitely far away.</summary>
    public static double Width(ReadOnlySpan<double> residuals)
    {
        (double low, double high) = (-60, 60);
        while (high - low > 1e-13)
        {
            double half = (low + high) / 2;
            double factor = Math.Exp(-2 * half) / 2;
            double mean = 0;
            foreach (double r in residuals)
            {
                mean += double.IsFinite(r) ? Math.Exp(-r * r * factor) / residuals.Length : 0;
            }

            (low, high) = mean < _normal ? (half, high) : (low, half);
        }

        return high > 59 ? double.PositiveInfinity : Math.Exp(high);
    }

    // Residuals in limits, NaN for failed fits, and for each event and plane their derivative by the plane's z.
    private double[] Residuals(Detector detector, int momentum, double[] toZ)
    {
        double pt = _momenta[momentum];
        MuonChain chain = new(_model.Experiment.Reconstruction, detector);
        EventSet events = CrowdedEvents.Empty(chain, MuonSimulation.Generate(detector, new()
        {
            Vertex = new() { Momentum = [new() { Low = pt, High = pt }] },
            Digitisation = _digitisation,
        }, _seed, (long)momentum * _events, _events, _threads));
        HitSet[] images = chain.Images(events.Hits);
        double[] residuals = new double[events.Count];
        EventChunks.Run(_threads, events.Count, 1, () => new Memory(), (memory, e, _) =>
        {
            int[] selection = [e];
            Tape<double> tape = memory.Tape;
            Tensor<double> found = events.Hits.Smear > 0 ? memory.Chain.Tracks.Begin(events.Hits, e, 1)
                : chain.Weigh(_model, images, e, 1, memory.Chain);
            found.Values[..(events.Hits.Smear > 0 ? found.Length : 0)].Fill(1);
            tape.Reset();
            tape.Bind(_model.Measurement.Stage);
            PlaneShifts shifts = new(tape.Leaf(new double[Count], 1, Count), tape.Leaf(new double[Count], 1, Count));
            FittedEvents fitted = chain.Tracks.Apply(tape.Constant(found.Values, found.Rows, 1), logits: false, events.Hits, selection,
                memory.Planes, shifts);
            double unit = _limit.Sigma(events.TruthQOverPt[e]);
            residuals[e] = fitted.Statuses[0] == SolveStatus.Converged
                ? (fitted.Track.Values[TrackParameter.QOverPt] - events.TruthQOverPt[e]) / unit : double.NaN;
            if (toZ.Length > 0 && double.IsFinite(residuals[e]))
            {
                tape.PrepareGradients();
                fitted.Track.Gradient[TrackParameter.QOverPt] = 1 / unit;
                tape.Backward();
                shifts.Z.Gradient.CopyTo(toZ.AsSpan(e * Count));
                AddTrajectory(chain.Geometry, events, e, shifts.Y.Gradient, toZ.AsSpan(e * Count, Count));
            }
        });
        return residuals;
    }

    // What a plane that moves sees: y of the trajectory there, and a kink that all planes after it see elsewhere.
    private static void AddTrajectory(CircleGeometry geometry, EventSet events, int e, ReadOnlySpan<double> toY, Span<double> toZ)
    {
        ReadOnlySpan<double> z = geometry.Z;
        ReadOnlySpan<float> crossing = events.TruthCrossing.AsSpan(e * toY.Length, toY.Length);
        double curvature = events.TruthQOverPt[e] * geometry.CurvaturePerQOverPt;
        double after = 0;
        double outgoing = double.NaN;
        for (int i = toY.Length - 1; i >= 0; i--)
        {
            (double fromZ, double fromY) = i == 0 ? (0.0, events.TruthY0[e]) : (z[i - 1], crossing[i - 1]);
            (double dz, double dy) = (z[i] - fromZ, crossing[i] - fromY);

            // Sines of the angle at the ends of an arc are that of its chord, more and less by half of what the field adds.
            double chord = dy / Math.Sqrt((dy * dy) + (dz * dz));
            double incoming = Tangent(chord + (curvature * dz / 2));
            outgoing = double.IsNaN(outgoing) ? incoming : outgoing;
            double moved = (toY[i] * (incoming + outgoing) / 2) - ((outgoing - incoming) * after);
            toZ[i] += double.IsFinite(moved) ? moved : 0;
            after += toY[i];
            outgoing = Tangent(chord - (curvature * dz / 2));
        }
    }

    private static double Tangent(double sine) => sine / Math.Sqrt(1 - (sine * sine));

    // What a thread needs.
    private sealed class Memory : IDisposable
    {
        public MuonMemory Chain { get; } = new();
        public Tape<double> Tape { get; } = new();
        public Segments Planes { get; } = new();

        public void Dispose()
        {
            Chain.Dispose();
            Tape.Dispose();
        }
    }
}
