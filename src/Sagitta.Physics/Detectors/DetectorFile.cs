using System.ComponentModel.DataAnnotations;

namespace Sagitta.Physics.Detectors;

/// <summary>Reads and writes detector files (docs/formats.md). Strict: an unknown field, a missing one or planes out of order are errors
/// that name file, line and field.</summary>
public static class DetectorFile
{
    private const string Folder = "detectors";

    /// <summary>Loads a detector file by path, or a shipped one by name ("toy16"): names are looked up in a folder "detectors", from the
    /// current directory upwards, then from the program's own.</summary>
    /// <exception cref="BadInputException">No such file or name, or the file breaks a rule.</exception>
    /// <example>
    /// <code>
    /// Detector detector = DetectorFile.Load("toy16");
    /// Console.WriteLine($"{detector.Name}: {detector.StationCount} stations in {detector.FieldTesla} T");
    /// </code>
    /// </example>
    public static Detector Load(string pathOrName)
    {
        string path = Find(pathOrName) ?? throw new BadInputException(
            $"detector '{pathOrName}'", "there is no such file or shipped detector",
            "give the path of a detector file, or one of the names toy16, toy16-measured, toy17, three-station");
        return Parse(ConfigurationFile.ReadText(path), path);
    }

    /// <summary>The file of a path or of a shipped name, as <see cref="Load"/> looks for it; null where there is none.</summary>
    internal static string? Find(string pathOrName)
    {
        if (File.Exists(pathOrName))
        {
            return pathOrName;
        }

        bool name = pathOrName.Length > 0 && pathOrName.AsSpan().IndexOfAny('/', '\\') < 0
            && !pathOrName.EndsWith(".yaml", StringComparison.Ordinal);
        return name ? Shipped(Directory.GetCurrentDirectory(), pathOrName) ?? Shipped(AppContext.BaseDirectory, pathOrName) : null;
    }

    /// <summary>Reads a detector from YAML text; <paramref name="name"/> stands for the file in messages.</summary>
    /// <exception cref="BadInputException">The text breaks a rule.</exception>
    internal static Detector Parse(string text, string name) => ConfigurationFile.Parse<DetectorDescription>(text, name).ToDetector();

    /// <summary>A detector as YAML text that <see cref="Parse"/> reads back equal.</summary>
    internal static string Write(Detector detector) => ConfigurationFile.Write(DetectorDescription.Of(detector));

    private static string? Shipped(string from, string name)
    {
        for (DirectoryInfo? folder = new(from); folder is not null; folder = folder.Parent)
        {
            string candidate = Path.Combine(folder.FullName, Folder, name + ".yaml");
            if (File.Exists(candidate))
            {
                return candidate;
            }
        }

        return null;
    }
}

/// <summary>What a detector file says of all planes or of one, which goes first.</summary>
internal sealed record PlaneDescription
{
    public string? Name { get; init; }
    [Range(0, double.PositiveInfinity)]
    public double? Z { get; init; }
    /// <summary>How far from there the plane stands along y and z, mm, as 'sagitta align' finds it: hits keep stating y as if it did
    /// not.</summary>
    [Range(-100, 100)]
    public double ShiftY { get; init; }
    [Range(-100, 100)]
    public double ShiftZ { get; init; }
    /// <summary>Lowest and highest z, mm, where 'sagitta optimise detector' may put the plane; without it the plane stays.</summary>
    [Range(0, double.PositiveInfinity)]
    public IReadOnlyList<double>? Between { get; init; }
    [Range(0, 254)]
    public int? Station { get; init; }
    [Range(1e-3, 1e4)]
    public double? StripPitch { get; init; }
    /// <summary>y of a strip's centre, mm; without it, and without a stagger, strips are anywhere, in each simulated event anew.</summary>
    [Range(-1e6, 1e6)]
    public double? Offset { get; init; }
    [Range(1e-3, 1e4)]
    public double? Gap { get; init; }
    public string? Gas { get; init; }
    [Range(0, 1)]
    public double? Efficiency { get; init; }
    [Range(-1.5, 1.5)]
    public double? LorentzAngle { get; init; }
    /// <summary>All of the plane's material in radiation lengths, where slabs are not known.</summary>
    [Range(0.0, 100.0)]
    public double? RadiationLengths { get; init; }
    public IReadOnlyList<SlabDescription>? Before { get; init; }
    public IReadOnlyList<SlabDescription>? After { get; init; }

    /// <summary>These fields, and where they are not given those of all planes.</summary>
    public PlaneDescription Or(PlaneDescription shared) => this with
    {
        Between = Between ?? shared.Between,
        StripPitch = StripPitch ?? shared.StripPitch,
        Offset = Offset ?? shared.Offset,
        Gap = Gap ?? shared.Gap,
        Gas = Gas ?? shared.Gas,
        Efficiency = Efficiency ?? shared.Efficiency,
        LorentzAngle = LorentzAngle ?? shared.LorentzAngle,
        RadiationLengths = RadiationLengths ?? shared.RadiationLengths,
        Before = Before ?? shared.Before,
        After = After ?? shared.After,
    };
}

/// <summary>A slab of a detector file: a flat piece of material across the beam.</summary>
internal sealed record SlabDescription
{
    public required string Material { get; init; }
    [Range(0, double.PositiveInfinity)]
    public required double Thickness { get; init; }
}
