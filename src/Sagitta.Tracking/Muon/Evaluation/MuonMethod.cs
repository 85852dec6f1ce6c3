namespace Sagitta.Tracking.Muon.Evaluation;

/// <summary>A method of reconstruction. Its name in tables and files is stated here alone.</summary>
/// <param name="Kind">How the weights of hits are found.</param>
/// <param name="Cleaning">What is done to its hits before they are fitted.</param>
internal readonly record struct MuonMethod(MuonMethodKind Kind, HitCleaning Cleaning = HitCleaning.None)
{
    /// <summary>The labels as weights.</summary>
    public static MuonMethod Truth { get; } = new(MuonMethodKind.Truth);
    /// <summary>The method without a network.</summary>
    public static MuonMethod Classical { get; } = new(MuonMethodKind.Classical);
    /// <summary>The network that was trained without the gradient of the fit.</summary>
    public static MuonMethod Factorised { get; } = new(MuonMethodKind.Factorised);
    /// <summary>The network that was trained with the likelihood of each plane, without the gradient of the fit.</summary>
    public static MuonMethod Local { get; } = new(MuonMethodKind.Local);
    /// <summary>The network that was trained through the fit.</summary>
    public static MuonMethod EndToEnd { get; } = new(MuonMethodKind.EndToEnd);
    /// <summary>The road centres alone.</summary>
    public static MuonMethod Road { get; } = new(MuonMethodKind.Road);

    /// <summary>What distinguishes a variant of the method from the method itself and names it instead, such as a model's file; empty for
    /// the method itself.</summary>
    public string Variant { get; init; } = "";

    /// <summary>Whether its clusters are left as they are though its model has a measurement stage.</summary>
    public bool WithoutStage { get; init; }

    /// <summary>The method of a network, by what it is trained with.</summary>
    public static MuonMethod Trained(MuonLossOptions loss) => loss.EndToEnd ? EndToEnd : loss.LocalLikelihood > 0 ? Local : Factorised;

    /// <summary>Whether a network is trained for it.</summary>
    public bool HasNetwork => Kind is MuonMethodKind.EndToEnd or MuonMethodKind.Local or MuonMethodKind.Factorised;

    /// <summary>Name in tables, files and JSON.</summary>
    public string Name => Variant is { Length: > 0 } variant ? variant : KindName(Kind) + Cleaning switch
    {
        HitCleaning.OutlierRemoval => " with outlier removal",
        HitCleaning.TrackSearch => " with track search",
        _ => "",
    } + (WithoutStage ? " without stage" : "");

    /// <summary>The method of a name that <see cref="Name"/> gives; null for other texts.</summary>
    public static MuonMethod? Parse(string name)
    {
        foreach (MuonMethodKind kind in Enum.GetValues<MuonMethodKind>())
        {
            foreach (HitCleaning cleaning in Enum.GetValues<HitCleaning>())
            {
                foreach (bool without in new[] { false, true })
                {
                    MuonMethod method = new(kind, cleaning) { WithoutStage = without };
                    if (string.Equals(method.Name, name, StringComparison.Ordinal))
                    {
                        return method;
                    }
                }
            }
        }

        return null;
    }

    /// <summary>Place in the order of tables.</summary>
    public (MuonMethodKind, HitCleaning, bool) Order => (Kind, Cleaning, WithoutStage);

    public override string ToString() => Name;

    private static string KindName(MuonMethodKind kind) => kind switch
    {
        MuonMethodKind.Truth => "truth",
        MuonMethodKind.Classical => "classical",
        MuonMethodKind.Factorised => "factorised",
        MuonMethodKind.Local => "local",
        MuonMethodKind.EndToEnd => "end-to-end",
        _ => "road",
    };
}

/// <summary>How the weights of hits are found.</summary>
internal enum MuonMethodKind
{
    /// <summary>The labels as weights: what perfect classification would give.</summary>
    Truth,
    /// <summary>Segments of a Hough transform, without a network.</summary>
    Classical,
    /// <summary>A network that was trained without the gradient of the fit.</summary>
    Factorised,
    /// <summary>A network that was trained with the likelihood of each plane, without the gradient of the fit.</summary>
    Local,
    /// <summary>A network that was trained through the fit.</summary>
    EndToEnd,
    /// <summary>The road centres alone.</summary>
    Road,
}

/// <summary>What is done to the hits of a network before they are fitted.</summary>
internal enum HitCleaning
{
    None,
    /// <summary>Planes are cleaned of outliers, as in the classical method.</summary>
    OutlierRemoval,
    /// <summary>The hits of one track are kept, then planes are cleaned of outliers.</summary>
    TrackSearch,
}
