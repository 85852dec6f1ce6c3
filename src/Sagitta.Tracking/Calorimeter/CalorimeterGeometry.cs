namespace Sagitta.Tracking.Calorimeter;

/// <summary>A tracking calorimeter with what reconstruction needs of it.</summary>
internal sealed class CalorimeterGeometry
{
    private static readonly Lazy<CalorimeterGeometry> _shipped = new(() => Read(TrackingCalorimeterFile.Shipped));

    private CalorimeterGeometry(string text, TrackingCalorimeter calorimeter)
    {
        Text = text;
        Calorimeter = calorimeter;
        Depths = LayerDepths.Of(calorimeter);
        Scale = new(calorimeter);
    }

    /// <summary>Text of its file, which models carry with them.</summary>
    public string Text { get; }

    /// <summary>Layers, materials, beam.</summary>
    public TrackingCalorimeter Calorimeter { get; }

    /// <summary>Depth of each layer, mm of the phantom's material (water).</summary>
    public double[] Depths { get; }

    /// <summary>What ranges on the scale of these depths are in water.</summary>
    public RangeScale Scale { get; }

    /// <summary>A file by its path, or the shipped calorimeter by its name.</summary>
    public static CalorimeterGeometry Load(string pathOrName) =>
        pathOrName == TrackingCalorimeterFile.Shipped ? _shipped.Value : Read(pathOrName);

    /// <summary>A calorimeter from the text of its file; <paramref name="name"/> stands for the file in messages.</summary>
    public static CalorimeterGeometry Parse(string text, string name) => new(text, TrackingCalorimeterFile.Parse(text, name));

    /// <summary>Refuses a frame with hits behind the last layer.</summary>
    public void Check(CalorimeterFrame frame)
    {
        if (frame.Count > 0 && (frame.Layer[0] >= Depths.Length || frame.Layer[^1] < 0))
        {
            throw new BadInputException(string.Create(CultureInfo.InvariantCulture, $"frame {frame.Number}"),
                string.Create(CultureInfo.InvariantCulture,
                    $"layers {frame.Layer[^1]} to {frame.Layer[0]} have hits, but '{Calorimeter.Name}' has layers 0 to "
                        + $"{Depths.Length - 1}"),
                "give the file of the calorimeter that the hits are of");
        }
    }

    private static CalorimeterGeometry Read(string pathOrName)
    {
        TrackingCalorimeter calorimeter = TrackingCalorimeterFile.Load(pathOrName);
        return new(ConfigurationFile.ReadText(DetectorFile.Find(pathOrName)!), calorimeter);
    }
}
