namespace Sagitta.Tests.Tracking.Alignment;

/// <summary>Alignment with the network that comes with Sagitta, on simulated muons of displaced planes.</summary>
public sealed class MuonAlignmentTests
{
    private static readonly Detector _nominal = DetectorFile.Load("toy16");
    private static readonly double[] _shifts =
        [0.2, -0.15, 0.3, -0.1, 0.05, -0.25, 0.1, 0.02, -0.2, 0.15, -0.05, 0.25, -0.3, 0.1, 0, 0.12];

    private static readonly Lazy<EventSet> _displaced = new(() => Simulate(_shifts, 2000));

    [Fact]
    public void Displaced_planes_are_found_within_their_errors_and_the_sagitta_by_known_momenta()
    {
        AlignmentResult result = Align(_displaced.Value, known: true);
        Assert.Null(result.Problem);
        double[] left = WithoutPolynomial([.. result.Values.Take(16).Zip(_shifts, (found, real) => found - real)], 2);
        double[] pulls = [.. left.Select((value, i) => value / result.Error(i))];
        Assert.InRange(Math.Sqrt(pulls.Average(pull => pull * pull)), 0.5, 1.6);
        Assert.All(left, value => Assert.InRange(value, -0.006, 0.006));
        Assert.Equal(["shear", "shift along y"], result.Modes.Select(mode => mode.Name).Order());
    }

    [Fact]
    public void Without_known_momenta_the_sagitta_is_a_weak_mode_that_stays_as_it_was()
    {
        AlignmentResult result = Align(_displaced.Value, known: false);
        Assert.Null(result.Problem);
        Assert.Equal(["sagitta", "shear", "shift along y"], result.Modes.Select(mode => mode.Name).Order());
        double[] left = WithoutPolynomial([.. result.Values.Take(16).Zip(_shifts, (found, real) => found - real)], 3);
        Assert.All(left, value => Assert.InRange(value, -0.006, 0.006));
        double[] found = [.. result.Values.Take(16)];
        double[] rest = WithoutPolynomial(found, 3);
        Assert.All(found.Zip(rest, (a, b) => a - b), part => Assert.InRange(part, -1e-9, 1e-9));
    }

    [Fact]
    public void Stations_move_as_rigid_bodies()
    {
        double[] shifts = [.. Enumerable.Range(0, 16).Select(i => i < 8 ? 0.2 + (0.02 * (i - 3.5)) : -0.1 - (0.03 * (i - 11.5)))];
        AlignmentResult result = Align(Simulate(shifts, 1500), Simulate(shifts, 1500).TruthQOverPt, new() { WholeStations = true });
        Assert.Null(result.Problem);
        double[] left = WithoutPolynomial([.. result.Values.Take(16).Zip(shifts, (found, real) => found - real)], 2);
        Assert.All(left, value => Assert.InRange(value, -0.01, 0.01));
        foreach (int i in new[] { 1, 3, 6, 9, 12, 14 })
        {
            Assert.Equal(0, result.Values[i - 1] - (2 * result.Values[i]) + result.Values[i + 1], 1e-9);
        }
    }

    [Fact]
    public void Planes_five_millimetres_off_are_found_in_steps()
    {
        double[] shifts = [.. _shifts];
        (shifts[3], shifts[10]) = (5, -5);
        AlignmentResult result = Align(Simulate(shifts, 1500), known: true);
        Assert.Null(result.Problem);
        double[] left = WithoutPolynomial([.. result.Values.Take(16).Zip(shifts, (found, real) => found - real)], 3);
        Assert.All(left, value => Assert.InRange(value, -0.01, 0.01));
    }

    [Fact]
    public void A_fifth_of_wrong_hits_moves_no_plane()
    {
        EventSet events = _displaced.Value;
        float[] y = [.. events.HitY];
        RandomDraws draws = RandomKey.FromSeed(3).Draws();
        for (int e = 0; e < events.Count; e++)
        {
            // All strips of one plane after another, so that their order stays.
            for (int first = events.HitOffsets[e], next; first < events.HitOffsets[e + 1]; first = next)
            {
                float wrong = draws.NextUniform() < 0.2 ? (float)(6 * (draws.NextUniform() - 0.5)) : 0;
                for (next = first; next < events.HitOffsets[e + 1] && events.HitPlane[next] == events.HitPlane[first]; next++)
                {
                    y[next] += wrong;
                }
            }
        }

        AlignmentResult result = Align(events with { Hits = events.Hits with { Y = y } }, known: true);
        Assert.Null(result.Problem);
        double[] left = WithoutPolynomial([.. result.Values.Take(16).Zip(_shifts, (found, real) => found - real)], 3);
        Assert.All(left, value => Assert.InRange(value, -0.015, 0.015));
    }

    [Fact]
    public void Too_few_tracks_a_dead_plane_one_charge_and_two_planes_are_refused_by_name()
    {
        EventSet events = _displaced.Value;
        BadInputException few = Assert.Throws<BadInputException>(() => Align(Simulate(_shifts, 50), known: false));
        Assert.Contains("at least 100", few.Message, StringComparison.Ordinal);
        int[] kept = [.. Enumerable.Range(0, events.HitCount).Where(hit => events.HitPlane[hit] != 7)];
        BadInputException dead = Assert.Throws<BadInputException>(() => Align(events with { Hits = events.Hits.Only(kept) }, known: false));
        Assert.Contains("plane 7", dead.Message, StringComparison.Ordinal);
        double[] oneCharge = [.. events.TruthQOverPt.Select(q => q > 0 ? q : double.NaN)];
        BadInputException charge = Assert.Throws<BadInputException>(() => Align(events, oneCharge));
        Assert.Contains("both charges", charge.Message, StringComparison.Ordinal);
        Detector pair = _nominal with { Planes = [.. _nominal.Planes.Take(2)] };
        BadInputException two = Assert.Throws<BadInputException>(() => Align(events, known: null, detector: pair));
        Assert.Contains("2 planes", two.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_wrong_field_is_no_misalignment()
    {
        AlignmentResult result = Align(_displaced.Value, [.. _displaced.Value.TruthQOverPt.Select(q => 1.05 * q)]);
        Assert.Contains("field", result.Problem, StringComparison.Ordinal);
    }

    [Fact]
    public void Reconstruction_tells_of_displaced_planes_and_has_nothing_to_tell_of_an_aligned_detector()
    {
        EventSet events = _displaced.Value;
        using var before = MuonReconstructor.Load(detector: _nominal);
        _ = before.Reconstruct(events.Hits).Count();
        Assert.Contains(before.Warnings, warning => warning.Contains("sagitta align", StringComparison.Ordinal));
        Detector aligned = DetectorFile.Parse(DetectorFile.Write(_nominal.WithShifts(_shifts, new double[16])), "aligned");
        using var after = MuonReconstructor.Load(detector: aligned);
        MuonTrack[] tracks = [.. after.Reconstruct(events.Hits)];
        Assert.DoesNotContain(after.Warnings, warning => warning.Contains("sagitta align", StringComparison.Ordinal));

        // Strips lie anywhere, so that displaced planes see other fractions of a pitch: the same muons, not the same bits.
        EventSet straight = Simulate(new double[16], 2000);
        using var reference = MuonReconstructor.Load(detector: _nominal);
        MuonTrack[] expected = [.. reference.Reconstruct(straight.Hits)];
        double[] pulls = [.. tracks.Zip(expected, (a, b) => Math.Abs(a.QOverPt - b.QOverPt) / b.QOverPtError).Order()];
        Assert.InRange(pulls[pulls.Length / 2], 0, 1);
    }

    [Fact]
    public void Events_of_the_detector_before_are_taken_and_put_in_place()
    {
        using TemporaryFolder folder = new();
        double[] z = [.. Enumerable.Range(0, 16).Select(i => 0.1 * i / 7)];
        Detector aligned = DetectorFile.Parse(DetectorFile.Write(_nominal.WithShifts(_shifts, z)), "aligned");
        Assert.Equal(_nominal.Planes.Select(plane => plane.Z), aligned.Planes.Select(plane => plane.NominalZ));
        Assert.Equal(_nominal.Planes.Select((plane, i) => plane.Z + z[i]), aligned.Planes.Select(plane => plane.Z));
        EventSet events = Simulate(new double[16], 20);
        EventFile.Write(folder.File("events.npz"), events);
        HitSet read = EventFile.ReadHits(folder.File("events.npz"), aligned);
        Assert.Equal(events.HitY, read.Y);
        HitSet placed = read.Placed(aligned);
        Assert.Equal(events.HitY.Zip(events.HitPlane, (y, plane) => y + (float)_shifts[plane]), placed.Y);
        Assert.Equal(placed.Y, placed.Placed(aligned).Y);
        using var reconstructor = MuonReconstructor.Load(detector: aligned);
        Assert.Equal(20, reconstructor.Reconstruct(events.Hits).Count());
    }

    private static EventSet Simulate(double[] shifts, int count) => MuonSimulation.Generate(
        _nominal.WithShifts(shifts, new double[shifts.Length]), new() { Digitisation = new() { Background = new() { KHzPerCm2 = [5] } } },
        seed: 5, first: 0, count: count);

    private static AlignmentResult Align(EventSet events, bool known) => Align(events, known ? events.TruthQOverPt : null);

    private static AlignmentResult Align(EventSet events, double[]? known, AlignmentOptions? options = null, Detector? detector = null)
    {
        using WorkerThreads threads = new(2);
        MuonModel model = MuonModelFile.Read(TestData.InRepository("models", "muon", "end-to-end.safetensors"));
        return new MuonAlignment(model, detector ?? _nominal, options ?? new(), threads).Run(events.Hits, known, CancellationToken.None);
    }

    // What is left of shifts without the weak modes.
    private static double[] WithoutPolynomial(double[] shifts, int terms)
    {
        List<double[]> basis = [];
        double[] rest = [.. shifts];
        for (int degree = 0; degree < terms; degree++)
        {
            double[] own = [.. _nominal.Planes.Select(plane => Math.Pow((plane.Z - 3540) / 1540, degree))];
            foreach (double[] other in basis)
            {
                double along = own.Zip(other, (a, b) => a * b).Sum();
                own = [.. own.Zip(other, (a, b) => a - (along * b))];
            }

            double norm = Math.Sqrt(own.Sum(value => value * value));
            own = [.. own.Select(value => value / norm)];
            basis.Add(own);
            double part = own.Zip(rest, (a, b) => a * b).Sum();
            rest = [.. rest.Zip(own, (a, b) => a - (part * b))];
        }

        return rest;
    }
}
