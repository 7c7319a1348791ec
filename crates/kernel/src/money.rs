//! Money as whole minor units and a currency.

use serde::{Deserialize, Serialize};

/// ISO 4217 code of a currency this product prices in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "UPPERCASE")]
pub enum Currency {
    Usd,
    Eur,
    Gbp,
}

/// An amount in minor units (cents).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct Money {
    pub amount: i64,
    pub currency: Currency,
}

/// An amount in millionths of the currency's major unit, for prices below a cent.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct MicroMoney {
    /// Millionths of the major unit: 1 000 000 is one dollar.
    pub amount_micros: i64,
    pub currency: Currency,
}
