using System.Text;
using System.Text.Json.Nodes;

namespace Sagitta.Tests.Systems;

/// <summary>
/// A third system in one file: a telescope of six silicon planes without a field. It registers itself and gets simulate, train, evaluate,
/// reconstruct and display from the command line, whose code knows nothing of it.
/// </summary>
public sealed class TelescopeSystemTests
{
    [Fact]
    public async Task System_that_registers_itself_is_simulated_trained_evaluated_reconstructed_and_displayed()
    {
        using TemporaryFolder folder = new();
        string train = folder.File("train.npz"), test = folder.File("test.npz"), model = folder.File("model.safetensors");
        await Run("simulate", "telescope", train, "--events", "400", "--seed", "1");
        await Run("simulate", "telescope", test, "--events", "1000", "--seed", "2");
        await Run("train", "telescope", "--events", train, "--out", folder.Name);
        string summary = folder.File("summary.json");
        Assert.Contains("efficiency", await Run("evaluate", "telescope", "--events", test, "--model", model, "--summary", summary),
            StringComparison.Ordinal);
        await Run("reconstruct", "telescope", folder.File("tracks.csv"), "--events", test, "--model", model);
        await Run("display", "telescope", folder.File("event.html"), "--events", test, "--model", model);

        // The tracks of the file, held against the truth by hand.
        TelescopeEvents events = TelescopeEvents.Read(test);
        string[] rows = await File.ReadAllLinesAsync(folder.File("tracks.csv"));
        Assert.Equal(events.Count + 1, rows.Length);
        double[] pulls = [.. rows.Skip(1).Select((row, e) => row.Split(',') is [_, "converged", { } y, { } error, ..]
            ? (double.Parse(y, CultureInfo.InvariantCulture) - events.TrueY[e]) / double.Parse(error, CultureInfo.InvariantCulture) : 100)];
        Assert.InRange(pulls.Count(p => Math.Abs(p) < 5) / (double)events.Count, 0.97, 1);
        double[] core = [.. pulls.Where(p => Math.Abs(p) < 5)];
        Assert.InRange(Math.Sqrt(core.Average(p => p * p)), 0.9, 1.1);

        JsonNode measured = JsonNode.Parse(await File.ReadAllTextAsync(summary))!["telescope"]!;
        Assert.Equal(core.Length / (double)events.Count, measured["efficiency"]!.GetValue<double>(), 1e-12);

        // The network, not luck: with its first weights the same chain finds far fewer tracks.
        using TelescopeChain untrained = new(null);
        Assert.InRange(untrained.Efficiency(events), 0, measured["efficiency"]!.GetValue<double>() - 0.2);
        Assert.Contains("</html>", await File.ReadAllTextAsync(folder.File("event.html")), StringComparison.Ordinal);
    }

    [Fact]
    public async Task System_without_a_verb_does_not_have_it() =>
        Assert.Contains("'landscapes'", await Run(2, "landscapes", "telescope"), StringComparison.Ordinal);

    private static Task<string> Run(params string[] arguments) => Run(0, arguments);

    private static async Task<string> Run(int expected, params string[] arguments)
    {
        using StringWriter output = new(), error = new();
        int code = await SagittaCommand.RunAsync(arguments, output, error, [new TelescopeSystem()]);
        Assert.True(code == expected, error.ToString());
        return code == 0 ? output.ToString() : error.ToString();
    }
}

/// <summary>The system: five verbs.</summary>
internal sealed class TelescopeSystem : TrackingSystem
{
    private static readonly VerbOption<string> _file = VerbOption.Argument("file", "File to write");
    private static readonly VerbOption<int> _count = VerbOption.Whole("--events", "N", "Number of events", 100, 1);
    private static readonly VerbOption<string?> _events = VerbOption.Text("--events", "FILE", "Event file");
    private static readonly VerbOption<string?> _model = VerbOption.Text("--model", "FILE", "Model");

    public override string Name => "telescope";

    public override IReadOnlyList<SystemVerb> Verbs { get; } =
    [
        Verb("simulate", [_file, _count, SharedOptions.Seed], run =>
            TelescopeEvents.Simulate(run.Value(_count), run.Seed).Write(run.Value(_file))),
        Verb("train", [_events, SharedOptions.Out, SharedOptions.Seed], run =>
        {
            using TelescopeChain chain = new(null);
            chain.Train(TelescopeEvents.Read(run.Required(_events)));
            chain.Write(Path.Combine(run.Folder, "model.safetensors"));
        }),
        Verb("evaluate", [_events, _model, SharedOptions.Summary, SharedOptions.Out, SharedOptions.Seed, SharedOptions.Threads], run =>
        {
            using TelescopeChain chain = new(run.Required(_model));
            double efficiency = chain.Efficiency(TelescopeEvents.Read(run.Required(_events)));
            run.Summary.Sections["telescope"] = new JsonObject { ["efficiency"] = efficiency };
            run.Output.Write(string.Create(CultureInfo.InvariantCulture, $"efficiency {efficiency:F3}\n"));
            run.WriteSummary();
        }),
        Verb("reconstruct", [_file, _events, _model], run =>
        {
            using TelescopeChain chain = new(run.Required(_model));
            TelescopeEvents events = TelescopeEvents.Read(run.Required(_events));
            StringBuilder csv = new("event,status,y,error,slope,chi2,planes\n");
            for (int e = 0; e < events.Count; e++)
            {
                TelescopeTrack track = chain.Reconstruct(events, e);
                csv.Append(
                    CultureInfo.InvariantCulture, $"{e},{(track.Planes > 2 ? "converged" : "too-few-planes")},{track.Y:R},{track.Error:R},")
                    .Append(CultureInfo.InvariantCulture, $"{track.Slope:R},{track.ChiSquare:R},{track.Planes}\n");
            }

            AtomicFile.WriteText(run.Value(_file), csv.ToString());
        }),
        Verb("display", [_file, _events, _model], run =>
        {
            using TelescopeChain chain = new(run.Required(_model));
            TelescopeEvents events = TelescopeEvents.Read(run.Required(_events));
            TelescopeTrack track = chain.Reconstruct(events, 0);
            double[] ends = [0, TelescopeEvents.Z(TelescopeEvents.Planes - 1)];
            EventDisplay picture = new(
                [.. Enumerable.Range(0, TelescopeEvents.Planes).Select(p => new DisplayPlane(TelescopeEvents.Z(p)))],
                [.. Enumerable.Range(0, events.Offsets[1]).Select(
                    h => new DisplayHit(TelescopeEvents.Z(events.Plane[h]), events.Y[h]) { Values = [events.Label[h]] })],
                "One event of the telescope.")
            {
                Quantities = [new("truth")],
                Tracks = [new("fit", ends, [.. ends.Select(z => track.Y + (track.Slope * z))])],
            };
            ReportWriter.WriteFile(run.Value(_file), new("Event 0", [picture]));
        }),
    ];

    public override bool IsDetector(string pathOrName) => false;

    private static SystemVerb Verb(string path, IReadOnlyList<VerbOption> options, Action<VerbRun> run) =>
        new(path, $"{path} for the telescope", options, given =>
        {
            run(given);
            return 0;
        })
        { Examples = [$"sagitta {path} telescope"] };
}

/// <summary>Hits of events laid end to end, ordered by plane, with their truth.</summary>
internal sealed record TelescopeEvents(int[] Offsets, int[] Plane, double[] Y, byte[] Label, double[] TrueY)
{
    public const int Planes = 6;
    public const double Resolution = 0.02;
    private const double HalfWidth = 10;

    public int Count => Offsets.Length - 1;

    public static double Z(int plane) => 20 * plane;

    /// <summary>Straight tracks with a hit of Gaussian error on each plane, and on average half a hit of noise beside it.</summary>
    public static TelescopeEvents Simulate(int count, ulong seed)
    {
        List<int> offsets = [0], planes = [];
        List<double> y = [], truth = [];
        List<byte> labels = [];
        for (int e = 0; e < count; e++)
        {
            RandomDraws draws = RandomKey.FromSeed(seed).Split("telescope").Split((ulong)e).Draws();
            double start = draws.NextUniform(-5, 5), slope = draws.NextUniform(-0.03, 0.03);
            truth.Add(start);
            for (int plane = 0; plane < Planes; plane++)
            {
                int noise = draws.NextPoisson(0.5);
                for (int i = 0; i <= noise; i++)
                {
                    planes.Add(plane);
                    labels.Add(i == 0 ? (byte)1 : (byte)0);
                    y.Add(i == 0 ? start + (slope * Z(plane)) + (Resolution * draws.NextGaussian())
                        : draws.NextUniform(-HalfWidth, HalfWidth));
                }
            }

            offsets.Add(y.Count);
        }

        return new([.. offsets], [.. planes], [.. y], [.. labels], [.. truth]);
    }

    public static TelescopeEvents Read(string path)
    {
        using NpzReader reader = new(path);
        return new(reader.Read<int>("offsets"), reader.Read<int>("plane"), reader.Read<double>("y"), reader.Read<byte>("label"),
            reader.Read<double>("true_y"));
    }

    public void Write(string path)
    {
        using NpzWriter writer = new(path);
        writer.Add<int>("offsets", Offsets);
        writer.Add<int>("plane", Plane);
        writer.Add<double>("y", Y);
        writer.Add<byte>("label", Label);
        writer.Add<double>("true_y", TrueY);
        writer.Commit();
    }
}

/// <summary>A straight track at z = 0, mm.</summary>
internal readonly record struct TelescopeTrack(double Y, double Error, double Slope, double ChiSquare, int Planes);

/// <summary>Hits to scores to a straight line: the same code trains and reconstructs.</summary>
internal sealed class TelescopeChain : IDisposable
{
    private const double Road = 0.15;
    private readonly ParameterLayout _layout = new();
    private readonly Perceptron _network;
    private readonly ParameterVector<float> _parameters;
    private readonly Tape<float> _tape = new();

    public TelescopeChain(string? model)
    {
        _network = new(_layout, "score", [1, 8, 1], new Activation.Elu());
        _parameters = new(_layout);
        _parameters.Initialise(RandomKey.FromSeed(3));
        if (model is not null)
        {
            new SafeTensorsReader(model).CopyTo(_parameters);
        }
    }

    public void Write(string path)
    {
        SafeTensorsWriter writer = new();
        writer.Add(_parameters);
        writer.Write(path);
    }

    public void Train(TelescopeEvents events)
    {
        using ParameterVector<float> gradients = new(_layout);
        using Adam<float> adam = new(_layout);
        float[] labels = [.. events.Label.Select(l => (float)l)];
        float[] weights = [.. labels.Select(l => 1f / labels.Count(other => other == l))];
        for (int step = 0; step < 200; step++)
        {
            Tensor<float> logits = Logits(events, 0, events.Count, gradients);
            gradients.Values.Clear();
            _tape.Backward(BinaryCrossEntropy<float>.Apply(
                logits, _tape.Constant(labels, labels.Length, 1), _tape.Constant(weights, labels.Length, 1)));
            adam.Step(_parameters, gradients, 0.05);
        }
    }

    /// <summary>Centroids of the planes' scored hits, and the line of least squares through them.</summary>
    public TelescopeTrack Reconstruct(TelescopeEvents events, int e)
    {
        Span<float> logits = Logits(events, e, 1, null).Values;
        List<(double Z, double Y)> points = [];
        for (int plane = 0; plane < TelescopeEvents.Planes; plane++)
        {
            double sum = 0, weight = 0;
            for (int hit = events.Offsets[e]; hit < events.Offsets[e + 1]; hit++)
            {
                double w = events.Plane[hit] == plane ? 1 / (1 + Math.Exp(-2 * logits[hit - events.Offsets[e]])) : 0;
                (sum, weight) = (sum + (w * events.Y[hit]), weight + w);
            }

            if (weight > 0.5)
            {
                points.Add((TelescopeEvents.Z(plane), sum / weight));
            }
        }

        double n = points.Count, z = points.Sum(p => p.Z), zz = points.Sum(p => p.Z * p.Z), y = points.Sum(p => p.Y), zy = points.Sum(
            p => p.Z * p.Y);
        double determinant = (n * zz) - (z * z), start = ((zz * y) - (z * zy)) / determinant, slope = ((n * zy) - (z * y)) / determinant;
        double chiSquare = points.Sum(p => Math.Pow((p.Y - start - (slope * p.Z)) / TelescopeEvents.Resolution, 2));
        return new(start, TelescopeEvents.Resolution * Math.Sqrt(zz / determinant), slope, chiSquare, points.Count);
    }

    /// <summary>Share of events whose track is within five errors of the truth.</summary>
    public double Efficiency(TelescopeEvents events) => Enumerable.Range(0, events.Count).Count(e =>
        Reconstruct(events, e) is { Planes: > 2 } track && Math.Abs(track.Y - events.TrueY[e]) < 5 * track.Error) / (double)events.Count;

    public void Dispose()
    {
        _parameters.Dispose();
        _tape.Dispose();
    }

    private Tensor<float> Logits(TelescopeEvents events, int first, int count, ParameterVector<float>? gradients)
    {
        float[] support = [.. Enumerable.Range(first, count).SelectMany(e => Support(events, e))];
        _tape.Reset();
        _tape.Bind(_parameters, gradients);
        return _network.Forward(_tape, _tape.Constant(support, support.Length, 1));
    }

    // Of the lines through a hit and another, the one with most planes on its road: how many planes that is, beyond the two.
    private static IEnumerable<float> Support(TelescopeEvents events, int e)
    {
        int[] hits = [.. Enumerable.Range(events.Offsets[e], events.Offsets[e + 1] - events.Offsets[e])];
        return hits.Select(a => hits.Where(b => Math.Abs(events.Plane[a] - events.Plane[b]) > 1).Max(b => (float)hits.Where(c =>
        {
            double za = TelescopeEvents.Z(events.Plane[a]), slope = (events.Y[b] - events.Y[a]) / (TelescopeEvents.Z(events.Plane[b]) - za);
            return Math.Abs(events.Y[c] - events.Y[a] - (slope * (TelescopeEvents.Z(events.Plane[c]) - za))) < Road;
        }).Select(c => events.Plane[c]).Distinct().Count() - 2));
    }
}
