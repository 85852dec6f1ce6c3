using System.ComponentModel.DataAnnotations;

namespace Sagitta.Tracking.Imaging;

/// <summary>A phantom of known materials, as its file describes it (docs/formats.md): a box with cylinders along the beam. Lengths in
/// mm.</summary>
internal sealed record Phantom : ICheckedOptions
{
    /// <summary>Materials by name.</summary>
    public required IReadOnlyDictionary<string, PhantomMaterial> Materials { get; init; }

    public required PhantomBox Box { get; init; }

    /// <summary>Cylinders in the box.</summary>
    public IReadOnlyList<PhantomCylinder> Cylinders { get; init; } = [];

    /// <summary>Reads a file.</summary>
    /// <exception cref="BadInputException">The file breaks a rule.</exception>
    public static Phantom Load(string path) => ConfigurationFile.Load<Phantom>(path);

    /// <summary>Stopping power of a cylinder relative to water.</summary>
    public double StoppingPower(PhantomCylinder cylinder) => Materials[cylinder.Material].Rsp;

    /// <summary>Stopping power in the middle of the box at x and y; a later cylinder goes before an earlier one, and outside the box there
    /// is nothing.</summary>
    public double StoppingPower(double x, double y) =>
        Math.Abs(x) > Box.X / 2 || Math.Abs(y) > Box.Y / 2 ? 0 : CylinderAt(x, y) is { } cylinder ? StoppingPower(cylinder)
            : Materials[Box.Material].Rsp;

    /// <summary>Water-equivalent path length along z at x and y, mm.</summary>
    public double PathLength(double x, double y)
    {
        double box = Math.Abs(x) > Box.X / 2 || Math.Abs(y) > Box.Y / 2 ? 0 : Materials[Box.Material].Rsp;
        double length = CylinderAt(x, y)?.Length ?? 0;
        return (Box.Z * box) + (length * (StoppingPower(x, y) - box));
    }

    public IEnumerable<OptionProblem> Check()
    {
        List<(string Field, string Material)> used = [("box.material", Box.Material)];
        for (int i = 0; i < Cylinders.Count; i++)
        {
            string path = string.Create(CultureInfo.InvariantCulture, $"cylinders[{i}]");
            PhantomCylinder cylinder = Cylinders[i];
            used.Add(($"{path}.material", cylinder.Material));
            if (cylinder.Length > Box.Z)
            {
                yield return new($"{path}.length", "the cylinder is longer than the box", "give at most the box's z");
            }

            if (Math.Abs(cylinder.X) + cylinder.Radius > Box.X / 2 || Math.Abs(cylinder.Y) + cylinder.Radius > Box.Y / 2)
            {
                yield return new(path, "the cylinder leaves the box", "move it, or give a smaller radius");
            }

            if (Cylinders.Take(i).FirstOrDefault(other => other.Name == cylinder.Name) is not null)
            {
                yield return new($"{path}.name", $"two cylinders are called '{cylinder.Name}'", "give each a name of its own");
            }
        }

        foreach ((string field, string material) in used.Where(use => !Materials.ContainsKey(use.Material)))
        {
            yield return new(field, $"there is no material '{material}'", Materials.Count == 0 ? "describe it under 'materials'"
                : $"did you mean '{NearestName.Of(material, Materials.Keys)}'?");
        }
    }

    private PhantomCylinder? CylinderAt(double x, double y) => Cylinders.LastOrDefault(cylinder =>
        Math.Pow(x - cylinder.X, 2) + Math.Pow(y - cylinder.Y, 2) < cylinder.Radius * cylinder.Radius);
}

/// <summary>A material of a phantom.</summary>
internal sealed record PhantomMaterial
{
    /// <summary>Stopping power relative to water.</summary>
    [Range(0, 100.0)]
    public required double Rsp { get; init; }
}

/// <summary>The box, with x and y centred on the beam's axis.</summary>
internal sealed record PhantomBox
{
    public required string Material { get; init; }

    /// <summary>z of its middle.</summary>
    [Range(-1e6, 1e6)]
    public double Centre { get; init; }

    [Range(1e-3, double.PositiveInfinity)]
    public required double X { get; init; }

    [Range(1e-3, double.PositiveInfinity)]
    public required double Y { get; init; }

    [Range(1e-3, double.PositiveInfinity)]
    public required double Z { get; init; }
}

/// <summary>A cylinder whose axis is along the beam and whose middle is that of the box.</summary>
internal sealed record PhantomCylinder
{
    public required string Name { get; init; }

    public required string Material { get; init; }

    [Range(-1e6, 1e6)]
    public required double X { get; init; }

    [Range(-1e6, 1e6)]
    public required double Y { get; init; }

    [Range(1e-3, double.PositiveInfinity)]
    public required double Radius { get; init; }

    [Range(1e-3, double.PositiveInfinity)]
    public required double Length { get; init; }
}
