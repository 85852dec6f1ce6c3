using System.Text;
using System.Text.Json;

namespace Sagitta.Physics.Detectors;

/// <summary>Writes detectors as the YAML that <see cref="DetectorFile"/> reads back to the same numbers.</summary>
internal static class DetectorWriter
{
    /// <summary>The detector with every field of every plane.</summary>
    public static string Write(Detector detector)
    {
        Dictionary<Material, string> names = Names(detector);
        StringBuilder text = new();
        void Line(string line) => text.Append(line).Append('\n');
        Line($"name: {Quoted(detector.Name)}");
        Line($"field: {Number(detector.FieldTesla)}");
        if (detector.Medium.Length > 0)
        {
            Line($"medium: {Quoted(detector.Medium)}");
        }

        Line("materials:");
        foreach ((Material material, string name) in names)
        {
            Line($"  {Quoted(name)}: {{ density: {Number(material.Density)}, radiationLength: {Number(material.RadiationLength)}, "
                + $"protonsPerNucleon: {Number(material.ProtonsPerNucleon)}, meanExcitationEnergy: "
                    + $"{Number(material.MeanExcitationEnergy)}, "
                + $"ionPairEnergy: {Number(material.IonPairEnergy)}, transverseDiffusion: {Number(material.TransverseDiffusion)}, "
                + $"driftVelocity: {Number(material.DriftVelocity)} }}");
        }

        Readout readout = detector.Readout;
        Line($"readout: {{ threshold: {Number(readout.Threshold)}, gainShape: {readout.GainShape}, "
            + $"neighbourCoupling: {Number(readout.NeighbourCoupling)}, deadStrips: {Number(readout.DeadStrips)}, "
            + $"timeResolution: {Number(readout.TimeResolution)}, window: {Number(readout.Window)}, "
            + $"stripLength: {Number(readout.StripLength)}, roadHalfWidth: {Number(readout.RoadHalfWidth)}, "
            + $"roadResolution: {Number(readout.RoadResolution)} }}");
        Line("planes:");
        foreach (Plane plane in detector.Planes)
        {
            Line($"  - {{ z: {Number(plane.Z)}, station: {plane.Station}, stripPitch: {Number(plane.StripPitch)}, "
                + $"gap: {Number(plane.GapThickness)}, gas: {Quoted(plane.Gas)}, efficiency: {Number(plane.Efficiency)}, "
                + $"lorentzAngle: {Number(plane.LorentzAngle)}, before: {Slabs(plane.Before, names)}, after: {Slabs(plane.After, names)} "
                    + $"}}");
        }

        return text.ToString();
    }

    // Planes whose material is a budget have one of their own each, all of one name: later ones get a number.
    private static Dictionary<Material, string> Names(Detector detector)
    {
        Dictionary<Material, string> names = detector.Materials.ToDictionary(m => m.Value, m => m.Key);
        HashSet<string> taken = [.. names.Values];
        foreach (Slab slab in detector.Planes.SelectMany(plane => plane.Before.Concat(plane.After)))
        {
            string name = slab.Material.Name;
            for (int n = 2; !names.ContainsKey(slab.Material) && !taken.Add(name); n++)
            {
                name = string.Create(CultureInfo.InvariantCulture, $"{slab.Material.Name}-{n}");
            }

            names.TryAdd(slab.Material, name);
        }

        return names;
    }

    private static string Slabs(IReadOnlyList<Slab> slabs, Dictionary<Material, string> names) =>
        "[" + string.Join(", ", slabs.Select(slab =>
        $"{{ material: {Quoted(names[slab.Material])}, thickness: {Number(slab.Thickness)} }}")) + "]";

    private static string Number(double value) => value.ToString("R", CultureInfo.InvariantCulture);

    private static string Quoted(string text) => JsonSerializer.Serialize(text);
}
