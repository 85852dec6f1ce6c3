namespace Sagitta.Physics.Protons;

/// <summary>
/// Reads files of tracking calorimeters (docs/formats.md). Strict: an unknown field, a missing one or boxes that overlap are errors that
/// name file, line and field.
/// </summary>
internal static class TrackingCalorimeterFile
{
    /// <summary>Name of the shipped calorimeter.</summary>
    public const string Shipped = "digital-tracking-calorimeter";

    /// <summary>Loads a file by path, or the shipped one by its name; names are looked up as those of detectors are.</summary>
    /// <exception cref="BadInputException">No such file or name, or the file breaks a rule.</exception>
    public static TrackingCalorimeter Load(string pathOrName) =>
        Read(StrictFile.Load(DetectorFile.Find(pathOrName) ?? throw new BadInputException(
            $"detector '{pathOrName}'", "there is no such file or shipped detector",
                $"give the path of a calorimeter file, or the name {Shipped}")));

    /// <summary>Reads a calorimeter from YAML text; <paramref name="name"/> stands for the file in messages.</summary>
    /// <exception cref="BadInputException">The text breaks a rule.</exception>
    public static TrackingCalorimeter Parse(string text, string name) => Read(StrictFile.Parse(text, name));

    private static TrackingCalorimeter Read(StrictMapping root)
    {
        string name = root.RequiredText("name");
        _ = root.Text("description", "");
        Dictionary<string, Compound> materials = ReadMaterials(root.RequiredMapping("materials"));
        Compound medium = MaterialOf(root, "medium", materials);
        StrictMapping width = root.RequiredMapping("halfWidth");
        StrictMapping phantom = root.RequiredMapping("phantom");
        TrackingCalorimeter calorimeter = new()
        {
            Name = name,
            Medium = medium,
            Phantom = MaterialOf(phantom, "material", materials),
            PhantomCentre = phantom.Number("centre", 0),
            HalfWidthX = width.RequiredNumber("x", 1e-3),
            HalfWidthY = width.RequiredNumber("y", 1e-3),
            ElectronThreshold = root.Number("electronThreshold", double.PositiveInfinity, 1e-3),
            Beam = ReadBeam(root.RequiredMapping("beam")),
            Groups = ReadGroups(root, materials),
        };
        width.Finish();
        phantom.Finish();
        root.Finish();
        return calorimeter;
    }

    private static ProtonBeam ReadBeam(StrictMapping fields)
    {
        ProtonBeam beam = new()
        {
            Energy = fields.RequiredNumber("energy", 1, 290),
            EnergySpread = fields.Number("energySpread", 0, 0, 0.05),
            Z = fields.RequiredNumber("z"),
            Size = fields.Number("size", 0, 0),
            Divergence = fields.Number("divergence", 0, 0, 0.1),
            Correlation = fields.Number("correlation", 0, -1, 1),
        };
        fields.Finish();
        return beam;
    }

    private static Dictionary<string, Compound> ReadMaterials(StrictMapping all)
    {
        Dictionary<string, Compound> materials = new(StringComparer.Ordinal);
        foreach (string name in all.Names.ToArray())
        {
            StrictMapping fields = all.RequiredMapping(name);
            materials[name] = new()
            {
                Name = name,
                Density = fields.RequiredNumber("density", 1e-9, 30),
                RadiationLength = fields.RequiredNumber("radiationLength", 1e-3),
                MeanExcitationEnergy = fields.RequiredNumber("meanExcitationEnergy", 10, 1000),
                Elements = ReadElements(fields),
            };
            fields.Finish();
        }

        return materials;
    }

    private static (Element Element, double MassFraction)[] ReadElements(StrictMapping material)
    {
        StrictMapping fields = material.RequiredMapping("elements");
        List<(Element Element, double MassFraction)> elements = [];
        foreach (string symbol in fields.Names.ToArray())
        {
            double fraction = fields.RequiredNumber(symbol, 0, 1);
            elements.Add(Element.TryFind(symbol, out Element? element)
                ? (element, fraction)
                : throw fields.Bad(symbol, "the element is unknown", $"give one of {string.Join(", ", Element.Symbols)}"));
        }

        double sum = elements.Sum(part => part.MassFraction);
        return Math.Abs(sum - 1) < 1e-3
            ? [.. elements.Select(part => (part.Element, part.MassFraction / sum))]
            : throw material.Bad("elements", string.Create(CultureInfo.InvariantCulture, $"the fractions add up to {sum}"),
                "give fractions by mass that add up to 1");
    }

    private static List<LayerGroup> ReadGroups(StrictMapping root, Dictionary<string, Compound> materials)
    {
        List<LayerGroup> groups = [];
        foreach (StrictMapping fields in root.Mappings("groups"))
        {
            LayerGroup group = new()
            {
                Name = fields.RequiredText("name"),
                Count = fields.RequiredInteger("count", 1, 500),
                Front = fields.RequiredNumber("front"),
                Pitch = fields.RequiredNumber("pitch", 1e-3),
                Before = [.. fields.Mappings("before").Select(slab => ReadSlab(slab, materials))],
                Sensitive = ReadSlab(fields.RequiredMapping("sensitive"), materials),
                After = [.. fields.Mappings("after").Select(slab => ReadSlab(slab, materials))],
            };
            fields.Finish();
            double filled = group.Before.Sum(slab => slab.Thickness) + group.Sensitive.Thickness + group.After.Sum(slab => slab.Thickness);
            if (filled > group.Pitch + 1e-9)
            {
                throw fields.Bad("pitch", string.Create(CultureInfo.InvariantCulture, $"the slabs fill {filled} mm, more than the pitch"),
                    "give a larger pitch or thinner slabs");
            }

            double back = groups.Count == 0 ? double.NegativeInfinity : groups[^1].Front + (groups[^1].Count * groups[^1].Pitch);
            groups.Add(group.Front >= back - 1e-9
                ? group
                : throw fields.Bad("front", string.Create(CultureInfo.InvariantCulture,
                    $"the group begins before the one before it ends, at {back} mm"),
                    "move it, or list groups in order of z"));
        }

        return groups.Count > 0 ? groups : throw root.Bad("groups", "there is no group of layers", "list at least one");
    }

    private static CompoundSlab ReadSlab(StrictMapping fields, Dictionary<string, Compound> materials)
    {
        CompoundSlab slab = new(MaterialOf(fields, "material", materials), fields.RequiredNumber("thickness", 1e-6));
        fields.Finish();
        return slab;
    }

    private static Compound MaterialOf(StrictMapping fields, string field, Dictionary<string, Compound> materials)
    {
        string name = fields.RequiredText(field);
        return materials.TryGetValue(name, out Compound? material)
            ? material
            : throw fields.Bad(field, $"there is no material '{name}'", $"did you mean '{NearestName.Of(name, materials.Keys)}'?");
    }
}
