namespace Sagitta.Physics.Deposits;

/// <summary>What left a deposit.</summary>
internal enum DepositSource : byte
{
    /// <summary>The muon itself.</summary>
    Muon = 0,

    /// <summary>An electron, positron or photon that the muon set free, anywhere.</summary>
    Electron = 1,

    /// <summary>Background; its particles differ from the muon's event.</summary>
    Background = 2,
}
